#include "http/loopback.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

static bool is_loopback_v6(const struct in6_addr *six)
{
    return IN6_IS_ADDR_LOOPBACK(six) || (IN6_IS_ADDR_V4MAPPED(six) && six->s6_addr[12] == 127);
}

bool http_is_loopback(const char *address)
{
    struct in_addr four;
    struct in6_addr six;

    if (inet_pton(AF_INET, address, &four) == 1)
        return ntohl(four.s_addr) >> 24 == 127;
    return inet_pton(AF_INET6, address, &six) == 1 && is_loopback_v6(&six);
}

/* "[::1]:8000" and "127.0.0.1:8000" without the port and the brackets. */
static struct slice name_of(struct slice host)
{
    bool bracketed = host.len > 0 && host.ptr[0] == '[';
    struct slice name = bracketed ? slice_skip(host, 1) : host;
    const char *end = name.len > 0 ? memchr(name.ptr, bracketed ? ']' : ':', name.len) : NULL;

    return end == NULL ? name : (struct slice){name.ptr, (size_t)(end - name.ptr)};
}

bool http_is_loopback_host(struct slice host)
{
    struct slice name = name_of(host);
    char address[INET6_ADDRSTRLEN + 1] = "";

    if (name.len == strlen("localhost") && strncasecmp(name.ptr, "localhost", name.len) == 0)
        return true;
    if (name.len >= sizeof(address))
        return false;
    if (name.len > 0)
        memcpy(address, name.ptr, name.len);
    return strlen(address) == name.len && http_is_loopback(address);
}
