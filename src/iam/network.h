/* IP addresses and networks as policies have them: "203.0.113.0/24", "2001:db8::/32", one address alone. */
#ifndef TURNTABLE_IAM_NETWORK_H
#define TURNTABLE_IAM_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/failure.h"
#include "base/slice.h"

struct network {
    unsigned char address[16]; /* an IPv4 address has 4 bytes of it */
    unsigned bytes;            /* 4 or 16 */
    unsigned prefix;           /* bits */
};

/* An address, or an address and the bits of its prefix. */
must_use bool network_parse(struct slice text, struct network *out);

/* Whether an address (a network of one) lies in the network. An IPv4 address lies in no IPv6 network. */
bool network_contains(const struct network *network, const struct network *address);

#endif
