/* A client of the HTTP server as small as a test needs it: bytes out, one answer in. */
#ifndef TURNTABLE_TEST_HTTP_CLIENT_H
#define TURNTABLE_TEST_HTTP_CLIENT_H

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buffer.h"

struct answer {
    int status;
    struct buffer head; /* status line and headers, terminated */
    struct buffer body;
    bool closed; /* the server closed the connection before the answer was whole */
};

static inline int client_connect(uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int client = socket(AF_INET, SOCK_STREAM, 0);

    if (client < 0 || connect(client, (struct sockaddr *)&address, sizeof(address)) != 0) {
        perror("connect");
        abort();
    }
    return client;
}

/* False if the server has closed the connection. */
static inline bool client_send(int client, struct slice bytes)
{
    while (bytes.len > 0) {
        ssize_t sent = send(client, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes = slice_skip(bytes, (size_t)sent);
    }
    return true;
}

/* The value of a header, cut off at the line's end into `room`; NULL if it is not there. */
static inline const char *answer_header(const struct answer *answer, const char *name, char *room,
                                        size_t size)
{
    const char *line = answer->head.bytes;
    size_t length = strlen(name);

    for (line = strstr(line, "\r\n"); line != NULL && line[2] != '\0'; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, name, length) != 0 || line[2 + length] != ':')
            continue;
        const char *value = line + 3 + length;
        value += strspn(value, " ");
        snprintf(room, size, "%.*s", (int)strcspn(value, "\r"), value);
        return room;
    }
    return NULL;
}

static inline void answer_finish(struct answer *answer)
{
    buffer_finish(&answer->head);
    buffer_finish(&answer->body);
}

/* Reads one answer with a Content-Length. */
static inline struct answer client_read(int client)
{
    struct answer answer = {0};
    char byte, room[64];

    buffer_init(&answer.head);
    buffer_init(&answer.body);
    do {
        if (recv(client, &byte, 1, 0) != 1) {
            answer.closed = true;
            break;
        }
        buffer_append_byte(&answer.head, byte);
    } while (answer.head.len < 4 || memcmp(answer.head.bytes + answer.head.len - 4, "\r\n\r\n", 4) != 0);
    buffer_append_byte(&answer.head, '\0');
    answer.head.len--;
    if (answer.closed)
        return answer;
    answer.status = (int)strtol(answer.head.bytes + strlen("HTTP/1.1 "), NULL, 10);
    const char *length = answer_header(&answer, "Content-Length", room, sizeof(room));
    size_t left = length == NULL ? 0 : strtoul(length, NULL, 10);
    while (left > 0) {
        ssize_t got = recv(client, buffer_reserve(&answer.body, left), left, 0);
        if (got <= 0) {
            answer.closed = true;
            return answer;
        }
        answer.body.len += (size_t)got;
        left -= (size_t)got;
    }
    return answer;
}

/* A whole request: `head` is the request line and further headers, each with its line end. */
static inline struct answer client_ask(int client, const char *head, struct slice body)
{
    struct buffer out;

    buffer_init(&out);
    buffer_printf(&out, "%sHost: localhost\r\nContent-Length: %zu\r\n\r\n", head, body.len);
    buffer_append(&out, body);
    client_send(client, buffer_slice(&out));
    buffer_finish(&out);
    return client_read(client);
}

/* Whether the server has closed the connection. */
static inline bool client_is_closed(int client)
{
    char byte;

    return recv(client, &byte, 1, 0) <= 0;
}

#endif
