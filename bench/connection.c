#include "connection.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RECEIVE_BYTES = 64 * 1024, HEADER_MAX = 64 * 1024, BODY_MAX = 32 * 1024 * 1024 };

bool connection_open(struct connection *connection, const struct sockaddr_in *address)
{
    int one = 1;
    connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection->fd < 0)
        return false;
    if (connect(connection->fd, (const struct sockaddr *)address, sizeof *address) != 0) {
        int reason = errno;
        connection_close(connection);
        errno = reason;
        return false;
    }
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return true;
}

void connection_close(struct connection *connection)
{
    if (connection->fd >= 0)
        close(connection->fd);
    connection->fd = -1;
}

void connection_finish(struct connection *connection)
{
    connection_close(connection);
    text_finish(&connection->request);
    text_finish(&connection->received);
}

bool connection_has_unsent(const struct connection *connection)
{
    return connection->sent < connection->request.len;
}

enum connection_state connection_flush(struct connection *connection)
{
    while (connection_has_unsent(connection)) {
        ssize_t sent = send(connection->fd, connection->request.data + connection->sent,
                            connection->request.len - connection->sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent >= 0)
            connection->sent += (size_t)sent;
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            return CONNECTION_WAITING;
        else if (errno != EINTR)
            return CONNECTION_BROKEN;
    }
    return CONNECTION_WAITING;
}

enum connection_state connection_send(struct connection *connection)
{
    connection->sent = 0;
    connection->received.len = 0;
    connection->header_len = 0;
    connection->content_length = 0;
    connection->chunked = false;
    connection->keep_alive = true;
    connection->status = 0;
    connection->body = NULL;
    connection->body_len = 0;
    return connection_flush(connection);
}

static bool value_has(const char *value, const char *end, const char *word)
{
    size_t len = strlen(word);
    for (; value + len <= end; value++)
        if (strncasecmp(value, word, len) == 0)
            return true;
    return false;
}

static bool read_header(struct connection *connection, const char *line, const char *end)
{
    const char *colon = memchr(line, ':', (size_t)(end - line));
    if (!colon)
        return false;
    size_t name_len = (size_t)(colon - line);
    const char *value = colon + 1;
    if (name_len == 14 && strncasecmp(line, "content-length", 14) == 0) {
        connection->content_length = 0;
        while (value < end && (*value == ' ' || *value == '\t'))
            value++;
        if (value == end)
            return false;
        for (; value < end; value++) {
            if (*value < '0' || *value > '9' || connection->content_length > BODY_MAX)
                return false;
            connection->content_length = connection->content_length * 10 + (size_t)(*value - '0');
        }
    } else if (name_len == 17 && strncasecmp(line, "transfer-encoding", 17) == 0) {
        connection->chunked = value_has(value, end, "chunked");
    } else if (name_len == 10 && strncasecmp(line, "connection", 10) == 0) {
        connection->keep_alive = !value_has(value, end, "close");
    }
    return true;
}

/* Reads status line and headers once the blank line is there: 1 read, 0 not yet there, -1 not HTTP. */
static int read_head(struct connection *connection)
{
    const char *start = connection->received.data;
    const char *blank = memmem(start, connection->received.len, "\r\n\r\n", 4);
    if (!blank)
        return connection->received.len > HEADER_MAX ? -1 : 0;
    const char *line_end = memchr(start, '\r', (size_t)(blank - start) + 1);
    if (line_end - start < 12 || memcmp(start, "HTTP/1.1 ", 9) != 0)
        return -1;
    for (const char *digit = start + 9; digit < start + 12; digit++) {
        if (*digit < '0' || *digit > '9')
            return -1;
        connection->status = connection->status * 10 + (*digit - '0');
    }
    while (line_end < blank) {
        const char *line = line_end + 2;
        line_end = memchr(line, '\r', (size_t)(blank - line) + 1);
        if (!read_header(connection, line, line_end))
            return -1;
    }
    connection->header_len = (size_t)(blank - start) + 4;
    return 1;
}

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if ((digit | 32) >= 'a' && (digit | 32) <= 'f')
        return (digit | 32) - 'a' + 10;
    return -1;
}

/*
 * Steps over the chunks of the body. With `join` it also moves them together, which it is asked for only when
 * all have come: 1 all there, 0 not yet, -1 not chunks.
 */
static int read_chunks(struct connection *connection, bool join)
{
    char *at = connection->received.data + connection->header_len;
    char *end = connection->received.data + connection->received.len;
    char *joined = at;
    for (;;) {
        char *line_end = memmem(at, (size_t)(end - at), "\r\n", 2);
        if (!line_end)
            return 0;
        size_t size = 0;
        for (char *digit = at; digit < line_end && *digit != ';'; digit++) {
            int value = hex_value(*digit);
            if (value < 0 || size > BODY_MAX)
                return -1;
            size = size * 16 + (size_t)value;
        }
        at = line_end + 2;
        if ((size_t)(end - at) < size + 2)
            return 0;
        if (size == 0)
            break;
        if (join) {
            memmove(joined, at, size);
            joined += size;
        }
        at += size + 2;
    }
    if (join)
        connection->body_len = (size_t)(joined - (connection->received.data + connection->header_len));
    return 1;
}

static enum connection_state read_answer(struct connection *connection)
{
    errno = 0;
    if (connection->header_len == 0) {
        int head = read_head(connection);
        if (head <= 0)
            return head < 0 ? CONNECTION_BROKEN : CONNECTION_WAITING;
    }
    if (connection->chunked) {
        int chunks = read_chunks(connection, false);
        if (chunks <= 0)
            return chunks < 0 ? CONNECTION_BROKEN : CONNECTION_WAITING;
        read_chunks(connection, true);
    } else {
        if (connection->content_length > BODY_MAX)
            return CONNECTION_BROKEN;
        size_t whole = connection->header_len + connection->content_length;
        if (connection->received.len < whole)
            return CONNECTION_WAITING;
        if (connection->received.len > whole) /* more than was asked for */
            return CONNECTION_BROKEN;
        connection->body_len = connection->content_length;
    }
    connection->body = connection->received.data + connection->header_len;
    return CONNECTION_ANSWERED;
}

enum connection_state connection_receive(struct connection *connection)
{
    for (;;) {
        char *into = text_reserve(&connection->received, RECEIVE_BYTES);
        size_t room = connection->received.capacity - connection->received.len;
        ssize_t got = recv(connection->fd, into, room, MSG_DONTWAIT);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK ? CONNECTION_WAITING : CONNECTION_BROKEN;
        errno = 0;
        if (got == 0)
            return CONNECTION_BROKEN;
        connection->received.len += (size_t)got;
        enum connection_state state = read_answer(connection);
        /* A read that filled less than it might have has emptied the socket: wait for epoll rather than ask
         * once more. */
        if (state != CONNECTION_WAITING || (size_t)got < room)
            return state;
    }
}
