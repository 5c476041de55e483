/* Addresses of this machine's own loopback interface. */
#ifndef TURNTABLE_HTTP_LOOPBACK_H
#define TURNTABLE_HTTP_LOOPBACK_H

#include <stdbool.h>

/* An IP address as text: "127.0.0.1", "::1". */
bool http_is_loopback(const char *address);

#endif
