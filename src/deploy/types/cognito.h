/*
 * What the types of Cognito share: settings that are compared with their defaults, and pools, which have ids
 * that the service makes and names that need not be unique.
 *
 * A pool that a stack made is known by the tags on it: "aws:cloudformation:stack-id" and "...:logical-id",
 * or, where no such tags may be set, "turntable:stack-name" and "turntable:logical-id". Clients are known by
 * their names, which are one in their pool here, and groups and users by theirs.
 */
#ifndef TURNTABLE_DEPLOY_TYPES_COGNITO_H
#define TURNTABLE_DEPLOY_TYPES_COGNITO_H

#include "deploy/properties.h"
#include "deploy/types/tags.h"

#define NOT_THERE "ResourceNotFoundException"

/* A property that is a member of an operation's input. */
struct setting {
    const char *property;
    const char *member;    /* NULL: of the same name */
    const char *otherwise; /* what it is when the template says nothing, JSON; NULL: nothing */
};

/* Ended by {0}. */
void settings_write(struct input *input, const struct setting *settings, const struct json *want);

/* The property of the first setting in which what is there differs; NULL: none does. */
const char *settings_differ(struct making *making, const struct setting *settings, const struct json *have);

/* Whether `have` says what `want` does; what it says beside that must be what is the default anyway. */
bool setting_covers(const struct json *want, const struct json *have);

/* How one of the two kinds of pool is looked for. */
struct pool_kind {
    struct listing listing;
    const char *name;      /* a member of the list's elements */
    const char *describe;  /* the operation, */
    const char *id;        /* its input, */
    const char *described; /* and its answer's member; NULL: the answer itself */
    const char *tags;      /* a member of that */
};

/* Sets making->have: the pool with making->id, or the one whose tags say that it is the resource's own. */
must_use bool pool_seek(struct making *making, const struct pool_kind *kind);

/* The properties that settings are, of what is there. Ended by {0}. */
void settings_read(struct input *out, const struct setting *settings, const struct json *have);

/* The template's tags (a map), with those by which the resource is known again. */
struct json pool_tags(struct making *making, const struct json *want);
/* Whether the template's tags are those that are there (both maps). */
bool pool_tags_same(struct making *making, const struct json *want, const struct json *have);

#endif
