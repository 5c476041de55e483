/*
 * Parameters as the storage keeps them, each under its name; and those of their versions that were replaced.
 *
 * Keys are u32 0, 'v', a letter, and behind it:
 *
 *     p  name                   the parameter with its present version
 *     v  name 0 u64 version     a version that was replaced
 *     o                         counters: parameters of the standard tier, of the advanced tier
 *     k                         the key that values of SecureString are sealed with
 *
 * Records are JSON (base/layout.h). Whoever changes a parameter or one of its versions guards and puts its
 * record; so what is read of both in one request agrees, or the request is decided again.
 *
 * The value of a SecureString is sealed (signin/seal.h), and is shown so to whoever does not ask for its
 * decryption. That keeps it from those who may only list; not from who has the data folder, in which the key
 * is.
 */
#ifndef TURNTABLE_SERVICES_SSM_PARAMETER_H
#define TURNTABLE_SERVICES_SSM_PARAMETER_H

#include <stdint.h>

#include "base/layout.h"
#include "catalog/keys.h"
#include "services/request.h"

enum {
    VERSIONS_LIMIT = 100, /* kept of a parameter */
    LABELS_LIMIT = 10,    /* of a version */
    PARAMETER_TAGS_LIMIT = 50,
    STANDARD_LIMIT = 10000, /* parameters of an account, by their tier */
    ADVANCED_LIMIT = 100000,
};

/* What PutParameter gives. Texts that were not given are empty. */
struct parameter_version {
    int64_t number;      /* from 1 */
    struct slice type;   /* "String", "StringList", "SecureString" */
    struct slice value;  /* of a SecureString sealed */
    struct slice key_id; /* of a SecureString: "alias/aws/ssm" */
    struct slice description;
    struct slice pattern;  /* AllowedPattern */
    struct slice tier;     /* "Standard", "Advanced" */
    int64_t modified;      /* milliseconds since 1970 */
    struct slice modifier; /* an ARN */
};

struct parameter_label {
    struct slice name;
    int64_t version;
};

struct parameter_labels {
    struct parameter_label *items;
    size_t count;
};

struct parameter_tag {
    struct slice key;
    struct slice value;
};

struct parameter_tags {
    struct parameter_tag *items;
    size_t count;
};

struct parameter {
    struct slice name;
    struct parameter_version present;
    int64_t oldest; /* the number of the oldest version that is kept */
    struct parameter_labels labels;
    struct parameter_tags tags;
};

/* ---- reading ---- */

/* STORAGE_NOT_FOUND: there is none of that name. `version` (may be NULL) guards a change either way. */
must_use enum storage_status parameter_read(struct request *request, struct slice name, struct parameter *out,
                                            struct version *version);

/* The same; on false the failure is set, ParameterNotFound among others. */
must_use bool parameter_lookup(struct request *request, struct slice name, struct parameter *out,
                               struct version *version);

/* A version of the parameter that is kept. On false the failure is set: ParameterVersionNotFound. */
must_use bool parameter_find_version(struct request *request, const struct parameter *parameter,
                                     int64_t number, struct parameter_version *out);

/* What a selector ("3", or a label) means, in the same way. `missing`: there is no such version or label. */
must_use bool parameter_select(struct request *request, const struct parameter *parameter,
                               struct slice selector, struct parameter_version *out, bool *missing);

/* The records of all parameters whose names begin with `prefix`, in the order of their bytes. */
struct key_range parameter_keys(struct arena *arena, struct slice prefix);
struct slice parameter_key(struct arena *arena, struct slice name);
must_use bool parameter_decode(struct arena *arena, struct slice record, struct parameter *out);

/* ---- changing: into the request's batch ---- */

void parameter_put(struct request *request, const struct parameter *parameter, struct version version);
/* With all its versions. */
void parameter_remove(struct request *request, const struct parameter *parameter, struct version version);

void parameter_put_replaced(struct request *request, struct slice name,
                            const struct parameter_version *replaced);
void parameter_remove_replaced(struct request *request, struct slice name, int64_t number);

/* Adds to the number of parameters of the tier. */
void parameter_count(struct request *request, struct slice tier, int64_t change);
/* ParameterLimitExceeded if there is no place for another parameter of the tier. */
must_use bool parameter_has_place(struct request *request, struct slice tier);

/* ---- values of SecureString ---- */

/* Makes the key if there is none yet. */
must_use bool parameter_seal(struct request *request, struct slice value, struct slice *out);
must_use bool parameter_unseal(struct request *request, struct slice sealed, struct slice *out);

/* ---- telling ---- */

bool parameter_is_secure(const struct parameter_version *version);

/* "arn:aws:ssm:REGION:ACCOUNT:parameter/NAME", without a second slash. */
struct slice parameter_arn(const struct request *request, struct slice name);

/* {"Name", "Type", "Value", "Version", "Selector"?, ...} of GetParameter and its kin. `selector`: empty if
 * there is none. On false the failure is set. */
must_use bool parameter_write_value(struct request *request, struct slice name,
                                    const struct parameter_version *version, struct slice selector);

/* What descriptions and histories have in common, from "Name" on: the caller writes the braces. */
void parameter_write_settings(struct buffer *out, bool *first, struct slice name,
                              const struct parameter_version *version);

#endif
