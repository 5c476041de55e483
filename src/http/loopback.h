/* Addresses of this machine's own loopback interface. */
#ifndef TURNTABLE_HTTP_LOOPBACK_H
#define TURNTABLE_HTTP_LOOPBACK_H

#include <stdbool.h>

#include "base/slice.h"

/* An IP address as text: "127.0.0.1", "::1", "::ffff:127.0.0.1". */
bool http_is_loopback(const char *address);

/* What a Host header names, with or without a port: "localhost", "127.0.0.1:8000", "[::1]:8000". A name other
 * than localhost is not, whatever it resolves to: that is for its owner to change. */
bool http_is_loopback_host(struct slice host);

#endif
