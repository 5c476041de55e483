/* Fn::Cidr and Fn::GetAZs. */
#include <arpa/inet.h>
#include <inttypes.h>

#include "base/digits.h"
#include "deploy/functions.h"

/* AWS: "Fn::Cidr": "The number of CIDRs to generate. Valid range is between 1 and 256." */
enum { CIDRS_LIMIT = 256, DEFAULT_BITS = 8 };

/* A block of addresses: of 4 bytes, or of 16. */
struct cidr {
    unsigned char address[16];
    int family;
    unsigned bits; /* of an address */
    unsigned prefix;
};

static bool cidr_parse(struct slice text, struct cidr *out)
{
    const char *slash = text.len == 0 ? NULL : memchr(text.ptr, '/', text.len);
    char address[INET6_ADDRSTRLEN];
    uint64_t prefix;

    if (slash == NULL || (size_t)(slash - text.ptr) >= sizeof(address))
        return false;
    size_t length = (size_t)(slash - text.ptr);
    memcpy(address, text.ptr, length);
    address[length] = '\0';
    out->family = memchr(address, ':', length) == NULL ? AF_INET : AF_INET6;
    out->bits = out->family == AF_INET ? 32 : 128;
    if (strlen(address) != length || inet_pton(out->family, address, out->address) != 1 ||
        !digits_parse(slice_skip(text, length + 1), 10, out->bits, &prefix))
        return false;
    out->prefix = (unsigned)prefix;
    for (unsigned bit = out->prefix; bit < out->bits; bit++) /* a block begins where its host's bits are 0 */
        out->address[bit / 8] &= (unsigned char)~(0x80 >> bit % 8);
    return true;
}

/* On to the next block of that prefix: adds 1 to the last bit of it. */
static void cidr_advance(struct cidr *cidr, unsigned prefix)
{
    for (unsigned bit = prefix; bit-- > 0;) {
        unsigned char mask = (unsigned char)(0x80 >> bit % 8);
        cidr->address[bit / 8] ^= mask;
        if ((cidr->address[bit / 8] & mask) != 0)
            return; /* no carry */
    }
}

static enum resolved read_number(struct stack *stack, const struct json *json, uint64_t limit, uint64_t *out,
                                 const char *what, struct slice *reason)
{
    struct slice text;
    enum resolved resolved = function_text(stack, json, &text, what, reason);

    if (resolved != RESOLVED)
        return resolved;
    return digits_parse(text, 10, limit, out) && *out > 0 ? RESOLVED
                                                          : function_wrong(stack, reason, "%s", what);
}

static enum resolved give_blocks(struct stack *stack, struct cidr *cidr, unsigned prefix, size_t count,
                                 struct json *out)
{
    *out = (struct json){.type = JSON_ARRAY, .array = {arena_array(stack->arena, struct json, count), count}};
    for (size_t i = 0; i < count; i++) {
        char address[INET6_ADDRSTRLEN];
        inet_ntop(cidr->family, cidr->address, address, sizeof(address));
        out->array.items[i] =
            (struct json){.type = JSON_STRING, .text = arena_printf(stack->arena, "%s/%u", address, prefix)};
        cidr_advance(cidr, prefix);
    }
    return RESOLVED;
}

enum resolved call_cidr(struct stack *stack, const struct json *argument, struct json *out,
                        struct slice *reason)
{
    static const char wrong_block[] = "Template error: Fn::Cidr: the first parameter must be a CIDR block";
    static const char wrong_count[] =
        "Template error: Fn::Cidr: the number of CIDRs must be between 1 and 256";
    static const char wrong_bits[] = "Template error: Fn::Cidr: the number of subnet bits must be between 1 "
                                     "and 32, of IPv6 between 1 and 128";
    uint64_t count, bits = DEFAULT_BITS;
    struct slice block;
    struct cidr cidr;

    if (!function_is_list(argument, 2, 3))
        return function_wrong(stack, reason, "%s", wrong_block);
    enum resolved resolved = function_text(stack, &argument->array.items[0], &block, wrong_block, reason);
    if (resolved == RESOLVED)
        resolved = read_number(stack, &argument->array.items[1], CIDRS_LIMIT, &count, wrong_count, reason);
    if (resolved == RESOLVED && argument->array.count == 3)
        resolved = read_number(stack, &argument->array.items[2], 128, &bits, wrong_bits, reason);
    if (resolved != RESOLVED)
        return resolved;
    if (!cidr_parse(block, &cidr))
        return function_wrong(stack, reason, "%s", wrong_block);
    if (bits > cidr.bits || (cidr.family == AF_INET6 && argument->array.count == 2))
        return function_wrong(stack, reason, "%s", wrong_bits);
    unsigned prefix = cidr.bits - (unsigned)bits, spare = prefix < cidr.prefix ? 0 : prefix - cidr.prefix;
    if (prefix < cidr.prefix || (spare < 8 && count > (uint64_t)1 << spare))
        return function_wrong(stack, reason,
                              "Template error: Fn::Cidr: the block %.*s has no room for %" PRIu64 " of /%u",
                              SLICE_ARGS(block), count, prefix);
    return give_blocks(stack, &cidr, prefix, (size_t)count, out);
}

/* A region has three zones here, as most have on AWS. */
enum resolved call_get_azs(struct stack *stack, const struct json *argument, struct json *out,
                           struct slice *reason)
{
    static const char letters[] = "abc";
    struct slice region;
    enum resolved resolved =
        function_text(stack, argument, &region,
                      "Template error: every Fn::GetAZs object must have a String-typed value.", reason);

    if (resolved != RESOLVED)
        return resolved;
    if (region.len == 0)
        region = stack->identity.region;
    *out = (struct json){.type = JSON_ARRAY,
                         .array = {arena_array(stack->arena, struct json, sizeof(letters) - 1), 0}};
    for (const char *letter = letters; *letter != '\0'; letter++)
        out->array.items[out->array.count++] = (struct json){
            .type = JSON_STRING, .text = arena_printf(stack->arena, "%.*s%c", SLICE_ARGS(region), *letter)};
    return RESOLVED;
}
