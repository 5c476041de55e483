#include "iam/network.h"

#include <arpa/inet.h>

#include "base/digits.h"

static bool parse_address(struct slice text, struct network *out)
{
    char terminated[INET6_ADDRSTRLEN];

    if (text.len == 0 || text.len >= sizeof(terminated) || memchr(text.ptr, '\0', text.len) != NULL)
        return false;
    memcpy(terminated, text.ptr, text.len);
    terminated[text.len] = '\0';
    *out = (struct network){0};
    out->bytes = memchr(text.ptr, ':', text.len) != NULL ? 16 : 4;
    return inet_pton(out->bytes == 16 ? AF_INET6 : AF_INET, terminated, out->address) == 1;
}

bool network_parse(struct slice text, struct network *out)
{
    const char *slash = text.len == 0 ? NULL : memchr(text.ptr, '/', text.len);
    struct slice address = text;
    uint64_t prefix;

    if (slash != NULL)
        address.len = (size_t)(slash - text.ptr);
    if (!parse_address(address, out))
        return false;
    out->prefix = out->bytes * 8;
    if (slash == NULL)
        return true;
    if (!digits_parse(slice_skip(text, address.len + 1), 10, out->prefix, &prefix))
        return false;
    out->prefix = (unsigned)prefix;
    return true;
}

bool network_contains(const struct network *network, const struct network *address)
{
    unsigned whole = network->prefix / 8, bits = network->prefix % 8;

    if (network->bytes != address->bytes || memcmp(network->address, address->address, whole) != 0)
        return false;
    if (bits == 0)
        return true;
    unsigned char mask = (unsigned char)(0xFF << (8 - bits));
    return ((network->address[whole] ^ address->address[whole]) & mask) == 0;
}
