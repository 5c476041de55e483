/* turntable serve: opens the rooms from the storage up, serves until it is told to stop, and closes them
 * again. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/authenticator.h"
#include "auth/credentials.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/digits.h"
#include "catalog/catalog.h"
#include "catalog/keys.h"
#include "catalog/secret.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "directory/directory.h"
#include "http/loopback.h"
#include "http/server.h"
#include "services/bootstrap/bootstrap.h"
#include "services/cloudcontrol/control.h"
#include "services/cloudformation/hands.h"
#include "services/cloudwatch/sampler.h"
#include "services/cognito_identity/keeper.h"
#include "services/cognito_identity/open_id_token.h"
#include "services/cognito_idp/keeper.h"
#include "services/cognito_idp/keys_page.h"
#include "services/cognito_idp/spare_keys.h"
#include "services/cognito_idp/token_issuer.h"
#include "services/console/site.h"
#include "services/decisions.h"
#include "services/denials.h"
#include "services/dynamodb/ongoing.h"
#include "services/dynamodb/throttle.h"
#include "services/lanes.h"
#include "services/inner.h"
#include "services/life.h"
#include "services/s3/objects.h"
#include "services/transfer/transfer.h"
#include "services/turntable/links.h"
#include "stacks/engine.h"
#include "storage/storage.h"

enum { BODY_LIMIT = 16 * 1024 * 1024, PEM_LIMIT = 1024 * 1024, THREADS_AT_LEAST = 2, THREADS_AT_MOST = 16 };
enum { KEYS_PERIOD = 5000 }; /* milliseconds */
enum { SWEEP_LONGEST = 24 * 60 * 60 * 1000, COUNT_MOST = 1000000000 };

#define ACCOUNT_ID "000000000000"

static const char help[] =
    "usage: turntable serve [OPTION]...\n"
    "\n"
    "Serves DynamoDB's API until Ctrl-C or SIGTERM, which let what is in flight finish.\n"
    "\n"
    "  --data DIR           keep the tables in this folder, made if missing (default: ./data)\n"
    "  --in-memory          keep the tables in memory only; they end with the server\n"
    "  --listen ADDR:PORT   where to listen (default: 127.0.0.1:8000); port 0 takes a free one;\n"
    "                       IPv6 addresses go in brackets: [::1]:8000\n"
    "  --tls-cert FILE      serve HTTPS with this certificate (PEM) ...\n"
    "  --tls-key FILE       ... and its private key (PEM)\n"
    "  --no-auth            take any request, signed or not; on loopback addresses only\n"
    "  --region REGION      the region that ARNs name (default: us-east-1)\n"
    "  --sweep SECONDS      how often to look for items whose time to live is over (default: 1);\n"
    "                       0: never, and such items stay\n"
    "  --shard-records N    let a shard of a stream split when it has taken so many records\n"
    "                       (default: 1000000); a few show how a consumer takes splits\n"
    "  --enforce-throughput throttle tables at their provisioned throughput, and at the maximum of\n"
    "                       on-demand tables that have one\n"
    "  --strict-iam         leave aws:username out of the sessions that identity pools make, as AWS\n"
    "                       does; policies that have it in them then match nobody who signed in\n"
    "  --strict-resources   let stacks fail that have resources of services that are not here, which\n"
    "                       are recorded otherwise, and not run\n"
    "  --help               this text\n"
    "\n"
    "The root credentials are TURNTABLE_ACCESS_KEY_ID and TURNTABLE_SECRET_ACCESS_KEY from the\n"
    "environment; if they are not set, those in DIR/credentials, which are made at the first start.\n"
    "The server says where it listens on stdout, and in DIR/endpoint while it runs. On loopback it\n"
    "prints a link too that signs in to its console, as root, once within ten minutes.\n"
    "\n"
    "Exit status: 0 when it was told to stop, 1 when it could not serve, 2 for a wrong command line.\n";

struct settings {
    const char *data; /* NULL: in memory */
    char address[64];
    uint16_t port;
    const char *certificate_file;
    const char *key_file;
    bool no_auth;
    bool enforce_throughput;
    bool strict_iam;
    bool strict_resources;
    const char *region;
    struct catalog_settings catalog;
};

static int complain(int code, const char *text, const char *detail)
{
    fprintf(stderr, "turntable: %s%s\n", text, detail);
    return code;
}

/* ---- the command line ---- */

/* "ADDR:PORT", "[ADDR]:PORT". */
static bool parse_listen(const char *text, struct settings *settings)
{
    const char *colon = strrchr(text, ':');
    char *end;

    if (colon == NULL || colon == text || colon[1] < '0' || colon[1] > '9')
        return false;
    unsigned long port = strtoul(colon + 1, &end, 10);
    size_t length = (size_t)(colon - text);
    bool bracketed = text[0] == '[' && colon[-1] == ']';
    if (*end != '\0' || port > UINT16_MAX || length >= sizeof(settings->address) ||
        (!bracketed && memchr(text, ':', length) != NULL))
        return false;
    settings->port = (uint16_t)port;
    snprintf(settings->address, sizeof(settings->address), "%.*s", (int)(bracketed ? length - 2 : length),
             bracketed ? text + 1 : text);
    if (strcmp(settings->address, "localhost") == 0)
        snprintf(settings->address, sizeof(settings->address), "127.0.0.1");
    struct in_addr four;
    struct in6_addr six;
    return bracketed ? inet_pton(AF_INET6, settings->address, &six) == 1
                     : inet_pton(AF_INET, settings->address, &four) == 1;
}

static bool is_ipv6(const char *address)
{
    return strchr(address, ':') != NULL;
}

static bool is_region(const char *text)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

    return length > 0 && length <= 64 && text[length] == '\0';
}

/* A number of seconds up to a day, into milliseconds. */
static bool parse_seconds(const char *text, int64_t *milliseconds)
{
    size_t length = strspn(text, "0123456789");

    if (length == 0 || length > 5 || text[length] != '\0')
        return false;
    *milliseconds = strtol(text, NULL, 10) * 1000;
    return *milliseconds <= SWEEP_LONGEST;
}

static bool parse_count(const char *text, int64_t *count)
{
    uint64_t number;
    bool good = digits_parse(slice_of(text), 10, COUNT_MOST, &number) && number > 0;

    *count = good ? (int64_t)number : 0;
    return good;
}

/* -1 if all is well, otherwise the exit code. */
static int parse_command_line(int argc, char **argv, struct settings *settings)
{
    const char *data = NULL, *listen = "127.0.0.1:8000", *sweep = "1", *records = NULL;
    bool in_memory = false;
    const struct option options[] = {{"--data", &data, NULL},
                                     {"--in-memory", NULL, &in_memory},
                                     {"--listen", &listen, NULL},
                                     {"--tls-cert", &settings->certificate_file, NULL},
                                     {"--tls-key", &settings->key_file, NULL},
                                     {"--no-auth", NULL, &settings->no_auth},
                                     {"--enforce-throughput", NULL, &settings->enforce_throughput},
                                     {"--strict-iam", NULL, &settings->strict_iam},
                                     {"--strict-resources", NULL, &settings->strict_resources},
                                     {"--region", &settings->region, NULL},
                                     {"--sweep", &sweep, NULL},
                                     {"--shard-records", &records, NULL},
                                     {0}};
    int operands = options_parse(argc, argv, options, help, NULL, 0);

    if (operands < 0)
        return operands == OPTIONS_HELPED ? EXIT_DONE : EXIT_USAGE;
    if (data != NULL && in_memory)
        return complain(EXIT_USAGE, "--data and --in-memory exclude each other", "");
    if (data != NULL && data[0] == '\0')
        return complain(EXIT_USAGE, "--data needs the name of a folder", "");
    if (!parse_listen(listen, settings))
        return complain(EXIT_USAGE, "--listen needs ADDR:PORT, such as 127.0.0.1:8000 or [::1]:8000, not ",
                        listen);
    if ((settings->certificate_file == NULL) != (settings->key_file == NULL))
        return complain(EXIT_USAGE, "--tls-cert and --tls-key go together", "");
    if (settings->no_auth && !http_is_loopback(settings->address))
        return complain(EXIT_USAGE, "--no-auth is for loopback addresses only, not ", settings->address);
    if (!is_region(settings->region))
        return complain(EXIT_USAGE, "--region needs a name such as us-east-1, not ", settings->region);
    if (!parse_seconds(sweep, &settings->catalog.sweep_period))
        return complain(EXIT_USAGE, "--sweep needs a number of seconds from 0 to 86400, not ", sweep);
    if (records != NULL && !parse_count(records, &settings->catalog.shard_records))
        return complain(EXIT_USAGE, "--shard-records needs a number from 1 to 1000000000, not ", records);
    settings->data = in_memory ? NULL : data != NULL ? data : "data";
    return -1;
}

/* ---- files ---- */

static bool make_folder(const char *path, struct arena *arena, struct slice *problem)
{
    struct stat found;

    if (mkdir(path, 0700) == 0 || (errno == EEXIST && stat(path, &found) == 0 && S_ISDIR(found.st_mode)))
        return true;
    *problem = arena_printf(arena, "cannot make the folder %s: %s", path, strerror(errno));
    return false;
}

/* A whole file as a terminated text; NULL with *problem. */
static const char *read_text(const char *path, struct arena *arena, struct slice *problem)
{
    FILE *file = fopen(path, "re");
    char *text = arena_alloc(arena, PEM_LIMIT + 1);

    if (file == NULL) {
        *problem = arena_printf(arena, "cannot read %s: %s", path, strerror(errno));
        return NULL;
    }
    size_t length = fread(text, 1, PEM_LIMIT, file);
    bool whole = feof(file) != 0 && ferror(file) == 0;
    fclose(file);
    text[length] = '\0';
    if (whole)
        return text;
    *problem = arena_printf(arena, "cannot read %s, or it is larger than a certificate can be", path);
    return NULL;
}

/* DIR/endpoint tells the other commands where the server is; written beside and moved, so that it is never
 * seen half. */
static bool write_endpoint(const char *folder, struct slice url, struct arena *arena, struct slice *problem)
{
    struct slice path = arena_printf(arena, "%s/endpoint", folder);
    struct slice draft = arena_printf(arena, "%s/endpoint.new", folder);
    FILE *file = fopen(draft.ptr, "we");
    bool written = file != NULL && fprintf(file, "%.*s\n", SLICE_ARGS(url)) > 0;

    if (file != NULL && fclose(file) != 0)
        written = false;
    if (written && rename(draft.ptr, path.ptr) == 0)
        return true;
    *problem = arena_printf(arena, "cannot write %s: %s", path.ptr, strerror(errno));
    return false;
}

static void remove_endpoint(const char *folder, struct arena *arena)
{
    (void)unlink(arena_printf(arena, "%s/endpoint", folder).ptr);
}

/* ---- the server ---- */

/* A thread for each processor that this process may use; more than one also there, for a read from disk keeps
 * one busy. */
static unsigned thread_count(void)
{
    cpu_set_t set;
    int processors = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;

    if (processors < THREADS_AT_LEAST)
        return THREADS_AT_LEAST;
    return processors > THREADS_AT_MOST ? THREADS_AT_MOST : (unsigned)processors;
}

/* Everything that is open. What is not open yet is NULL. */
struct open_server {
    struct arena arena; /* of what lives as long as the server does */
    sigset_t signals;
    struct server rooms;
    struct session_keys session_keys;
    struct authenticator *authenticator;
    struct life_config life;
    struct http_server *http;
    struct sampler *sampler;
    struct slice url;
    struct credentials credentials_shown; /* empty: none are */
};

static void close_server(struct open_server *open, const struct settings *settings)
{
    if (open->rooms.engine != NULL)
        engine_let_go(open->rooms.engine); /* answers that wait for it are in flight */
    sampler_close(open->sampler);
    if (open->http != NULL)
        http_server_stop(open->http);
    if (open->http != NULL && settings->data != NULL)
        remove_endpoint(settings->data, &open->arena);
    control_close(open->rooms.control);
    engine_close(open->rooms.engine);
    ongoing_destroy(open->rooms.ongoing);
    transfer_close(open->rooms.transfer);
    objects_close(open->rooms.objects);
    inner_destroy(open->rooms.inner);
    spare_keys_close(open->rooms.spare_keys);
    user_keeper_close(open->rooms.user_keeper);
    identity_keeper_close(open->rooms.identity_keeper);
    catalog_close(open->rooms.catalog);
    authenticator_destroy(open->authenticator);
    directory_destroy(open->rooms.directory);
    storage_close(open->rooms.storage);
    lanes_destroy(open->life.lanes);
    denials_destroy(open->rooms.denials);
    links_destroy(open->rooms.links);
    decisions_destroy(open->rooms.decisions);
    metrics_destroy(open->rooms.metrics);
    throttle_destroy(open->rooms.throttle);
    arena_finish(&open->arena);
}

static bool obtain_secrets(struct open_server *open, struct slice *problem)
{
    struct storage *storage = open->rooms.storage;
    const struct slice keys[] = {keys_iterator_key(), keys_session_key()};
    struct slice secrets[2];

    if (secrets_obtain(storage, keys, 2, &open->arena, secrets) != STORAGE_OK) {
        *problem = SLICE("the data folder cannot be read or written");
        return false;
    }
    open->rooms.iterator_key = secrets[0];
    session_keys_derive(secrets[1], &open->session_keys);
    open->rooms.session_keys = &open->session_keys;
    return true;
}

static bool open_storage(struct open_server *open, const struct settings *settings, struct slice *problem)
{
    if (settings->data == NULL) {
        open->rooms.storage = storage_open_memory();
    } else {
        struct slice folder = arena_printf(&open->arena, "%s/storage", settings->data);
        if (!make_folder(settings->data, &open->arena, problem) ||
            !make_folder(folder.ptr, &open->arena, problem))
            return false;
        open->rooms.storage = storage_open_rocksdb(folder.ptr, &open->arena, problem);
    }
    if (open->rooms.storage == NULL)
        return false;
    if (!obtain_secrets(open, problem))
        return false;
    if (bootstrap_once(&open->rooms) != STORAGE_OK) {
        *problem = SLICE("the data folder cannot be read or written");
        return false;
    }
    open->rooms.catalog = catalog_open(open->rooms.storage, &settings->catalog, &open->arena, problem);
    if (open->rooms.catalog == NULL)
        return false;
    open->rooms.directory = directory_create(open->rooms.storage, open->rooms.account_id);
    open->rooms.identity_keeper =
        identity_keeper_open(open->rooms.catalog, open->rooms.storage, GUESTS_A_SECOND);
    open->rooms.user_keeper = user_keeper_open(open->rooms.storage, SIGN_UP_RATES);
    open->rooms.spare_keys = spare_keys_open(KEYS_PERIOD);
    open->rooms.inner = inner_create(&open->rooms, settings->no_auth);
    const struct objects_settings objects = {
        .folder = settings->data == NULL ? NULL : arena_printf(&open->arena, "%s/s3", settings->data).ptr,
        .region = open->rooms.region};
    open->rooms.objects = objects_open(open->rooms.storage, &objects);
    const struct transfer_settings transfers = {.data = settings->data,
                                                .objects = open->rooms.objects,
                                                .region = open->rooms.region,
                                                .account_id = open->rooms.account_id};
    open->rooms.transfer = transfer_open(open->rooms.catalog, open->rooms.storage, &transfers);
    const struct engine_settings stacks = {.region = open->rooms.region,
                                           .account = open->rooms.account_id,
                                           .hands = cloudformation_hands(&open->rooms),
                                           .strict = settings->strict_resources};
    open->rooms.engine = engine_open(open->rooms.catalog, open->rooms.storage, &stacks);
    open->rooms.control = control_open(&open->rooms);
    return true;
}

static bool open_authenticator(struct open_server *open, const struct settings *settings,
                               struct slice *problem)
{
    struct credentials root;
    bool created;

    if (!credentials_obtain(settings->data, &root, &created, &open->arena, problem))
        return false;
    if (settings->no_auth)
        return true;
    const struct authenticator_settings authenticating = {.root = &root,
                                                          .account_id = open->rooms.account_id,
                                                          .directory = open->rooms.directory,
                                                          .session_keys = open->rooms.session_keys};
    open->authenticator = authenticator_create(&authenticating);
    if (created && settings->data == NULL) /* there is no file to find them in */
        open->credentials_shown = root;
    return true;
}

static struct slice url_of(const struct settings *settings, const char *address, uint16_t port,
                           struct arena *arena)
{
    return arena_printf(arena, is_ipv6(address) ? "%s://[%s]:%u" : "%s://%s:%u",
                        settings->certificate_file != NULL ? "https" : "http", address, (unsigned)port);
}

static bool open_http(struct open_server *open, const struct settings *settings, struct slice *problem)
{
    static const struct service *const services[] = {&dynamodb_service,
                                                     &streams_service,
                                                     &iam_service,
                                                     &sts_service,
                                                     &cognito_identity_service,
                                                     &cognito_idp_service,
                                                     &cloudformation_service,
                                                     &cloudcontrol_service,
                                                     &s3_service,
                                                     &ssm_service,
                                                     &cloudwatch_service,
                                                     &cloudwatch_form_service,
                                                     &told_codes_service,
                                                     &turntable_service};
    static const life_page pages[] = {user_pool_keys_page, NULL};
    struct http_config config = {.address = settings->address,
                                 .port = settings->port,
                                 .body_limit = BODY_LIMIT,
                                 .admit = life_admit,
                                 .threads = thread_count(),
                                 .handler = life_handle,
                                 .release = life_release,
                                 .context = &open->life};

    open->life = (struct life_config){.server = &open->rooms,
                                      .services = services,
                                      .service_count = sizeof(services) / sizeof(services[0]),
                                      .site = console_site,
                                      .pages = pages,
                                      .body_limit = BODY_LIMIT,
                                      .lanes = lanes_create(),
                                      .authenticator = open->authenticator};
    if (settings->certificate_file != NULL) {
        config.tls_certificate = read_text(settings->certificate_file, &open->arena, problem);
        config.tls_key =
            config.tls_certificate == NULL ? NULL : read_text(settings->key_file, &open->arena, problem);
        if (config.tls_key == NULL)
            return false;
    }
    open->http = http_server_start(&config, &open->arena, problem);
    if (open->http == NULL)
        return false;
    open->sampler = sampler_open(open->rooms.metrics, open->rooms.storage, open->http);

    /* "Any address" is where it listens, but not where a client can call. */
    const char *reachable = strcmp(settings->address, "0.0.0.0") == 0 ? "127.0.0.1"
                            : strcmp(settings->address, "::") == 0    ? "::1"
                                                                      : settings->address;
    uint16_t port = http_server_port(open->http);
    open->url = url_of(settings, settings->address, port, &open->arena);
    return settings->data == NULL ||
           write_endpoint(settings->data, url_of(settings, reachable, port, &open->arena), &open->arena,
                          problem);
}

static bool open_server(struct open_server *open, const struct settings *settings, struct slice *problem)
{
    static const token_issuer token_issuers[] = {identity_pools_issuer, user_pools_issuer, NULL};

    open->rooms.ongoing = ongoing_create();
    open->rooms.region = slice_of(settings->region);
    open->rooms.account_id = SLICE(ACCOUNT_ID);
    open->rooms.denials = denials_create();
    open->rooms.links = links_create();
    open->rooms.decisions = decisions_create();
    open->rooms.metrics = metrics_create();
    open->rooms.strict_iam = settings->strict_iam;
    open->rooms.token_issuers = token_issuers;
    if (settings->enforce_throughput)
        open->rooms.throttle = throttle_create();
    return open_storage(open, settings, problem) && open_authenticator(open, settings, problem) &&
           open_http(open, settings, problem);
}

/* On loopback, whoever reads what the server prints is let in to the console once. */
static void tell_where(struct open_server *open, const struct settings *settings)
{
    printf("turntable: listening on %.*s\n", SLICE_ARGS(open->url));
    if (http_is_loopback(settings->address)) {
        const struct link_owner root = {{NULL, 0}, {NULL, 0}};
        struct slice token = links_issue(open->rooms.links, &root, clock_now(), &open->arena);
        printf("turntable: console: %.*s/console/#/link/%.*s\n", SLICE_ARGS(open->url), SLICE_ARGS(token));
    } else {
        printf("turntable: console: %.*s/console/\n", SLICE_ARGS(open->url));
    }
    fflush(stdout);
}

int command_serve(int argc, char **argv)
{
    struct settings settings = {.region = "us-east-1"};
    struct open_server open = {0};
    struct slice problem = {"", 0};
    int signal_number, code = parse_command_line(argc, argv, &settings);

    if (code >= 0)
        return code;
    /* Blocked while there is one thread, so that no other is interrupted; they are waited for below. */
    sigemptyset(&open.signals);
    sigaddset(&open.signals, SIGTERM);
    sigaddset(&open.signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &open.signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a limit on file sizes is a full disk, not an end */
    mallopt(M_ARENA_MAX, 2);  /* more heaps than processors only keep memory from each other */

    arena_init(&open.arena);
    if (!open_server(&open, &settings, &problem)) {
        fprintf(stderr, "turntable: %.*s\n", SLICE_ARGS(problem));
        close_server(&open, &settings);
        return EXIT_FAILED;
    }
    tell_where(&open, &settings);
    if (open.credentials_shown.access_key_id[0] != '\0')
        fprintf(stderr,
                "turntable: the credentials of this run are AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s\n",
                open.credentials_shown.access_key_id, open.credentials_shown.secret_access_key);
    sigwait(&open.signals, &signal_number);
    pthread_sigmask(SIG_UNBLOCK, &open.signals, NULL); /* a second Ctrl-C does not wait */
    close_server(&open, &settings);
    return EXIT_DONE;
}
