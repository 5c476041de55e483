/*
 * One keep-alive HTTP/1.1 connection that has at most one request under way.
 *
 * connection_open, then for each exchange: fill `request`, connection_send, and connection_receive whenever
 * the socket is readable until it says ANSWERED. The answer (status, body) lives until the next
 * connection_send.
 */
#ifndef BENCH_CONNECTION_H
#define BENCH_CONNECTION_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "text.h"

struct connection {
    int fd; /* -1 when closed */
    struct text request;
    size_t sent;
    struct text received;
    size_t header_len; /* 0 until the blank line has come */
    size_t content_length;
    bool chunked;
    bool keep_alive;
    int status;
    const char *body;
    size_t body_len;
    uint64_t started; /* the caller's: when the request was sent */
};

enum connection_state {
    CONNECTION_WAITING,
    CONNECTION_ANSWERED,
    CONNECTION_BROKEN, /* closed too early, or not HTTP; errno says more if it is not 0 */
};

/* Connects (waiting for it) and makes the socket non-blocking; false with errno if the server does not
 * accept. */
bool connection_open(struct connection *connection, const struct sockaddr_in *address);
void connection_close(struct connection *connection);
void connection_finish(struct connection *connection);

/* Starts to send the request; what the socket does not take at once goes with connection_flush when it is
 * writable. */
enum connection_state connection_send(struct connection *connection);
enum connection_state connection_flush(struct connection *connection);
bool connection_has_unsent(const struct connection *connection);

enum connection_state connection_receive(struct connection *connection);

#endif
