/*
 * Users of a pool: what is kept of one, by which names they are found, and what they are told by mail.
 *
 * A user is one record under their name; aliases (sub, email, phone number, preferred user name) are records
 * of their own that hold that name. An operation finds a user, changes the struct, and puts it:
 *
 *     struct user user;
 *     if (!user_find(request, &pool, name, &found, &user)) return false;
 *     user_set(request, &user, SLICE("email"), value);
 *     return user_put(request, &pool, &user, false);
 *
 * The commit is guarded by the pool, the aliases that change, and the user, in this order. Everything lives
 * in the request's arena.
 */
#ifndef TURNTABLE_SERVICES_COGNITO_IDP_USER_H
#define TURNTABLE_SERVICES_COGNITO_IDP_USER_H

#include "services/cognito_idp/pool.h"
#include "signin/code.h"
#include "signin/srp.h"

enum user_status { USER_UNCONFIRMED, USER_CONFIRMED, USER_RESET_REQUIRED, USER_FORCE_CHANGE_PASSWORD };

struct user_attribute {
    struct slice name;
    struct slice value;
};

/* A code that is out: what for, and where it went. */
struct user_code {
    struct slice purpose;     /* "SignUp", "ForgotPassword", or the attribute that is to be verified */
    struct slice destination; /* "ana@example.com" */
    struct slice pending;     /* the attribute's value once it is verified; empty: it has it already */
    struct code code;
    int64_t guessed;          /* when the first wrong guess was made that still counts; milliseconds */
    int64_t sent, sent_since; /* how many went out since then */
};

/* A challenge that was answered, which is done once. */
struct user_challenge {
    struct slice id;
    int64_t expires;
};

enum { USER_CODES = 4, USER_CHALLENGES = 32 };

struct user {
    struct slice name;
    struct slice key;
    struct version version;
    bool is_new;
    struct slice sub;
    enum user_status status;
    bool enabled;
    int64_t created, modified;

    struct user_attribute *attributes; /* without sub */
    size_t attribute_count;
    size_t attribute_capacity;

    bool has_password;
    struct srp_verifier verifier;
    int64_t temporary_since; /* when a temporary password was set */
    struct slice invitation; /* a temporary password that was made up and is to be told; empty: none */
    struct attempts attempts;
    int64_t epoch;      /* sessions of an earlier one are signed out */
    int64_t signed_out; /* when that was done last; milliseconds */
    struct user_code codes[USER_CODES];
    size_t code_count;
    struct user_challenge challenges[USER_CHALLENGES];
    size_t challenge_count;

    const struct user *before; /* as it was read; NULL: there was none */
};

/* By user name or alias. *found tells; a failure is the storage's. If there is none, the struct is that of a
 * user who could be made under this name. */
must_use bool user_look_up(struct request *request, const struct user_pool *pool, struct slice name,
                           bool *found, struct user *out);
/* Fails with UserNotFoundException, "User does not exist." */
must_use bool user_find(struct request *request, const struct user_pool *pool, struct slice name,
                        struct user *out);
/* Reads a record; STORAGE_CORRUPT if it is none. */
must_use enum storage_status user_read(struct request *request, struct slice key, struct slice value,
                                       struct user *out);

/* A user who is about to be made: a name (made up where users sign up with an address), a sub. */
void user_begin(struct request *request, const struct user_pool *pool, struct slice name, struct user *out);

/* A user of the request's Username and UserAttributes, who is not there yet; fails with
 * UsernameExistsException, in these words where users have names. */
must_use bool user_admit_new(struct request *request, const struct user_pool *pool,
                             const struct user_client *client, struct slice name, const char *taken,
                             struct user *user);

/* Puts the record and what changed of its aliases. `force`: aliases are taken from whoever has them.
 * Otherwise fails with AliasExistsException. */
must_use bool user_put(struct request *request, const struct user_pool *pool, struct user *user, bool force);
must_use bool user_delete(struct request *request, const struct user_pool *pool, const struct user *user);

/* Empty: the user has no such attribute. */
struct slice user_get(const struct user *user, const char *name);
void user_set(struct request *request, struct user *user, struct slice name, struct slice value);
void user_unset(struct user *user, struct slice name);
bool user_is_verified(const struct user *user, const char *attribute);

/* Checks attributes that are about to be set, and sets them. `client`: whose rights count; NULL: an
 * administrator, who has all. `begins`: the user is being made. */
must_use bool user_take_attributes(struct request *request, const struct user_pool *pool,
                                   const struct user_client *client, const struct json *attributes,
                                   bool begins, struct user *user);
/* The same of names that are about to be removed. */
must_use bool user_drop_attributes(struct request *request, const struct user_pool *pool,
                                   const struct user_client *client, const struct json *names,
                                   struct user *user);
/* Fails if an attribute that the schema requires is missing. */
must_use bool user_check_required(struct request *request, const struct user_pool *pool,
                                  const struct user *user);

/* [{"Name": ..., "Value": ...}]; `client` may be NULL: all that there are. */
void user_write_attributes(struct buffer *out, const struct user_client *client, const struct user *user);
/* The members of a UserType, or those of AdminGetUser, whose attributes have another name. */
void user_write(struct buffer *out, const struct user *user, const char *attributes,
                const struct json *wanted);
const char *user_status_word(enum user_status status);

/* Whose password it is, for srp.h. */
struct srp_user user_hashed(const struct user_pool *pool, const struct user *user);

/* ---- passwords ---- */

/* Sets it if the policy takes it; otherwise fails with InvalidPasswordException. */
must_use bool user_set_password(struct request *request, const struct user_pool *pool, struct user *user,
                                struct slice password);

/* ---- codes ---- */

/* Makes a code and tells it, once it is committed. Fails with LimitExceededException if too many went out. */
must_use bool user_send_code(struct request *request, const struct user_pool *pool, struct user *user,
                             struct slice purpose, const char *attribute, struct slice destination,
                             struct slice pending);
/* Tells the invitation. */
void user_send_invitation(struct request *request, const struct user_pool *pool, const struct user *user);

/*
 * Judges a guess. True: it is right, *out is the code, which the user has no more. Otherwise it fails with
 * CodeMismatch, ExpiredCode or LimitExceeded, and sets *counted if the wrong guess is to be committed: the
 * caller puts the user and returns true with the failure set.
 */
must_use bool user_take_code(struct request *request, struct user *user, struct slice purpose,
                             struct slice guess, struct user_code *out, bool *counted);
/* The words of these failures, for users who are not there. */
bool user_code_mismatch(struct request *request);
bool user_code_expired(struct request *request);

/* "Destination" and so on, as {...}. */
void user_write_delivery(struct buffer *out, struct arena *arena, const char *attribute,
                         struct slice destination);

/* Sends a code for a new password to *attribute, which it chooses; fails if there is no way. */
must_use bool user_send_reset(struct request *request, const struct user_pool *pool, struct user *user,
                              const char **attribute);

/* {"CodeDeliveryDetails": ...} as the answer; and the same for a user who is not there, which is not to be
 * told. */
void user_write_sent(struct request *request, const char *attribute, struct slice destination);
void user_write_nothing_sent(struct request *request, struct slice name);

/* The attribute by which a user is reached when a password is to be reset; NULL: none is verified. */
const char *user_recovery(const struct user_pool *pool, const struct user *user, bool *admin_only);

#endif
