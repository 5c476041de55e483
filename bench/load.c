/*
 * A load generator for DynamoDB-compatible servers, and the clock of the benchmark.
 *
 *   load run    keeps a number of connections busy in a closed loop (each sends its next request when its
 * last is answered), for a number of seconds or of requests, and prints one line of JSON: throughput,
 * latencies, errors load setup  creates the two tables and fills them, through the API, whichever server it
 * is load cold   starts a server and prints how long it took from fork to the first right answer
 *
 * One thread: the client has a core of its own in the benchmark and spends a few microseconds a request, most
 * of them in the kernel; the bare HTTP server shows how far that carries. An answer that is not a 200 with
 * the expected content is an error: it is counted, the first few are shown, and bench/run then refuses to
 * print a ratio. Latency is counted from the request's send, after signing.
 */
#include "connection.h"
#include "histogram.h"
#include "signer.h"
#include "text.h"
#include "workload.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 4096, ERRORS_SHOWN = 3, SILENCE_SECONDS = 60 };

#define SECOND UINT64_C(1000000000)

struct options {
    const char *host; /* 127.0.0.1:8000 */
    struct sockaddr_in address;
    const char *workload;
    const char *server_cpus;
    uint64_t connections;
    uint64_t requests; /* 0: as many as the time allows */
    double seconds;
    double warmup;
    uint64_t items;
    uint64_t pages;
    uint64_t seed;
    bool streams; /* of a setup: the server has streams */
};

struct run {
    const struct options *options;
    const struct workload *workload;
    struct signer *signer;
    struct connection *connections;
    int epoll;
    struct text body;
    uint64_t started;  /* requests sent since the beginning */
    uint64_t to_start; /* stop sending after so many */
    bool measuring;
    bool stopping;
    uint64_t under_way;
    uint64_t answered; /* while measuring, right or wrong */
    uint64_t errors;   /* at any time: a wrong answer during warm-up spoils a run just as well */
    struct histogram latencies;
};

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

static void count_error(struct run *run, const struct connection *connection)
{
    if (run->errors++ >= ERRORS_SHOWN)
        return;
    if (connection->body)
        fprintf(stderr, "load: %s: status %d: %.*s\n", run->workload->operation, connection->status,
                (int)(connection->body_len < 400 ? connection->body_len : 400), connection->body);
    else
        fprintf(stderr, "load: %s: the connection broke: %s\n", run->workload->operation,
                errno ? strerror(errno) : "not an answer");
}

static bool is_right(const struct workload *workload, const struct connection *connection)
{
    return connection->status == 200 &&
           (!workload->expected ||
            memmem(connection->body, connection->body_len, workload->expected, strlen(workload->expected)));
}

static void watch(struct run *run, struct connection *connection, int how)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = connection};
    if (connection_has_unsent(connection))
        event.events |= EPOLLOUT;
    if (epoll_ctl(run->epoll, how, connection->fd, &event) != 0)
        die("epoll_ctl: %s", strerror(errno));
}

static void open_connection(struct run *run, struct connection *connection)
{
    if (!connection_open(connection, &run->options->address))
        die("cannot connect to %s: %s", run->options->host, strerror(errno));
    connection->request.len = 0;
    connection->sent = 0;
    watch(run, connection, EPOLL_CTL_ADD);
}

static void start_request(struct run *run, struct connection *connection)
{
    if (run->stopping || run->started == run->to_start)
        return;
    run->body.len = 0;
    run->workload->write_body(&run->body, run->started++);
    signer_sign(run->signer, run->workload->operation, &run->body, &connection->request);
    run->under_way++;
    connection->started = now();
    /* A connection that breaks here shows up as readable, and is dealt with there. */
    connection_send(connection);
    if (connection_has_unsent(connection))
        watch(run, connection, EPOLL_CTL_MOD);
}

static void take_answer(struct run *run, struct connection *connection)
{
    uint64_t latency = now() - connection->started;
    run->under_way--;
    if (!is_right(run->workload, connection))
        count_error(run, connection);
    if (run->measuring) {
        run->answered++;
        histogram_add(&run->latencies, latency);
    }
    if (!connection->keep_alive) {
        connection_close(connection);
        open_connection(run, connection);
    }
    start_request(run, connection);
}

static void take_break(struct run *run, struct connection *connection)
{
    /* An idle connection may be closed by the server; only one with a request under way has lost something.
     */
    if (connection->request.len > 0 && !connection->body) {
        run->under_way--;
        count_error(run, connection);
    }
    connection_close(connection);
    open_connection(run, connection);
    start_request(run, connection);
}

static void handle(struct run *run, struct connection *connection, uint32_t events)
{
    if (events & EPOLLOUT) {
        connection_flush(connection);
        if (!connection_has_unsent(connection))
            watch(run, connection, EPOLL_CTL_MOD);
    }
    if (!(events & ~(uint32_t)EPOLLOUT))
        return;
    enum connection_state state = connection_receive(connection);
    if (state == CONNECTION_ANSWERED)
        take_answer(run, connection);
    else if (state == CONNECTION_BROKEN)
        take_break(run, connection);
}

/* Handles events until the time has come, or, at the end of a run, until nothing is under way. */
static void turn_until(struct run *run, uint64_t deadline)
{
    struct epoll_event events[256];
    for (;;) {
        uint64_t time = now();
        if (run->under_way == 0 || time >= deadline)
            return;
        uint64_t left = (deadline - time) / 1000000 + 1;
        int timeout = left < SILENCE_SECONDS * 1000 ? (int)left : SILENCE_SECONDS * 1000;
        int count = epoll_wait(run->epoll, events, sizeof events / sizeof *events, timeout);
        if (count < 0 && errno != EINTR)
            die("epoll_wait: %s", strerror(errno));
        if (count == 0 && timeout == SILENCE_SECONDS * 1000)
            die("no answer to %s for %d seconds", run->workload->operation, SILENCE_SECONDS);
        for (int i = 0; i < count; i++)
            handle(run, events[i].data.ptr, events[i].events);
    }
}

static void print_result(const struct run *run, uint64_t elapsed)
{
    const struct histogram *latencies = &run->latencies;
    printf("{\"workload\":\"%s\",\"connections\":%" PRIu64 ",\"seconds\":%.3f,\"requests\":%" PRIu64
           ",\"throughput\":%.1f,\"p50_us\":%.1f,\"p99_us\":%.1f,\"max_us\":%.1f,\"sent\":%" PRIu64
           ",\"errors\":%" PRIu64 "}\n",
           run->workload->name, run->options->connections, (double)elapsed / 1e9, run->answered,
           (double)run->answered * 1e9 / (double)elapsed, (double)histogram_percentile(latencies, 0.5) / 1e3,
           (double)histogram_percentile(latencies, 0.99) / 1e3, (double)latencies->max / 1e3, run->started,
           run->errors);
    fflush(stdout);
}

static struct signer *make_signer(const struct options *options)
{
    const char *access_key = getenv("AWS_ACCESS_KEY_ID"), *secret_key = getenv("AWS_SECRET_ACCESS_KEY"),
               *region = getenv("AWS_REGION");
    if (!access_key || !secret_key)
        die("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
    return signer_create(options->host, region ? region : "us-east-1", access_key, secret_key,
                         getenv("AWS_SESSION_TOKEN"));
}

/* Returns the number of errors. */
static uint64_t run_workload(const struct options *options, const struct workload *workload,
                             uint64_t requests, bool print)
{
    static struct run run; /* the histogram is too big for a stack */
    run = (struct run){.options = options, .workload = workload, .signer = make_signer(options)};
    run.to_start = requests ? requests : UINT64_MAX;
    run.epoll = epoll_create1(EPOLL_CLOEXEC);
    run.connections = calloc(options->connections, sizeof *run.connections);
    if (run.epoll < 0 || !run.connections)
        die("cannot start: %s", strerror(errno));

    for (uint64_t i = 0; i < options->connections; i++)
        open_connection(&run, &run.connections[i]);
    for (uint64_t i = 0; i < options->connections; i++)
        start_request(&run, &run.connections[i]);
    turn_until(&run, now() + (uint64_t)(options->warmup * 1e9));

    run.measuring = true;
    uint64_t start = now();
    turn_until(&run, requests ? UINT64_MAX : start + (uint64_t)(options->seconds * 1e9));
    uint64_t elapsed = now() - start;
    run.measuring = false;
    run.stopping = true;
    turn_until(&run, UINT64_MAX);
    if (print)
        print_result(&run, elapsed);

    for (uint64_t i = 0; i < options->connections; i++)
        connection_finish(&run.connections[i]);
    free(run.connections);
    close(run.epoll);
    text_finish(&run.body);
    signer_destroy(run.signer);
    return run.errors;
}

/* One request, waited for; false if the connection broke. */
static bool exchange(struct connection *connection, struct signer *signer, const char *operation,
                     const struct text *body)
{
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    enum connection_state state;
    signer_sign(signer, operation, body, &connection->request);
    state = connection_send(connection);
    while (state == CONNECTION_WAITING) {
        struct epoll_event event = {.events = EPOLLIN | (connection_has_unsent(connection) ? EPOLLOUT : 0)};
        int how = epoll_ctl(epoll, EPOLL_CTL_ADD, connection->fd, &event) == 0 ? 0 : EPOLL_CTL_MOD;
        if (how && epoll_ctl(epoll, how, connection->fd, &event) != 0)
            die("epoll_ctl: %s", strerror(errno));
        if (epoll_wait(epoll, &event, 1, SILENCE_SECONDS * 1000) == 0)
            die("no answer to %s for %d seconds", operation, SILENCE_SECONDS);
        if (connection_has_unsent(connection))
            state = connection_flush(connection);
        if (state == CONNECTION_WAITING && (event.events & ~(uint32_t)EPOLLOUT))
            state = connection_receive(connection);
    }
    close(epoll);
    return state == CONNECTION_ANSWERED;
}

static void call(struct connection *connection, struct signer *signer, const char *operation,
                 const struct text *body)
{
    if (!exchange(connection, signer, operation, body))
        die("%s: the connection broke", operation);
    if (connection->status != 200)
        die("%s: status %d: %.*s", operation, connection->status, (int)connection->body_len,
            connection->body);
}

static void create_table(const struct options *options, const char *table)
{
    static const char active[] = "\"TableStatus\":\"ACTIVE\"";
    struct connection connection = {.fd = -1};
    struct signer *signer = make_signer(options);
    struct text body = {0};
    if (!connection_open(&connection, &options->address))
        die("cannot connect to %s: %s", options->host, strerror(errno));
    workload_write_table(&body, table);
    call(&connection, signer, "CreateTable", &body);
    body.len = 0;
    text_append_format(&body, "{\"TableName\":\"%s\"}", table);
    uint64_t deadline = now() + SILENCE_SECONDS * SECOND;
    for (;;) {
        call(&connection, signer, "DescribeTable", &body);
        if (memmem(connection.body, connection.body_len, active, sizeof active - 1))
            break;
        if (now() > deadline)
            die("%s has not become ACTIVE in %d seconds", table, SILENCE_SECONDS);
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    connection_finish(&connection);
    text_finish(&body);
    signer_destroy(signer);
}

/* The text of a member of the answer; the first of that name. */
static char *text_in_answer(const struct connection *connection, const char *name)
{
    char wanted[64];
    size_t length = (size_t)snprintf(wanted, sizeof wanted, "\"%s\":\"", name);
    const char *at = memmem(connection->body, connection->body_len, wanted, length);
    const char *end =
        at ? memchr(at + length, '"', (size_t)(connection->body + connection->body_len - at) - length) : NULL;
    if (!end)
        die("no %s in %.*s", name, (int)connection->body_len, connection->body);
    return strndup(at + length, (size_t)(end - at) - length);
}

/* The beginning of the one shard of BenchStream; asked for anew for each run, for iterators expire. */
static char *find_iterator(const struct options *options)
{
    struct connection connection = {.fd = -1};
    struct signer *signer = make_signer(options);
    struct text body = {0};
    if (!connection_open(&connection, &options->address))
        die("cannot connect to %s: %s", options->host, strerror(errno));
    text_append_string(&body, "{\"TableName\":\"BenchStream\"}");
    call(&connection, signer, "DescribeTable", &body);
    char *arn = text_in_answer(&connection, "LatestStreamArn");
    body.len = 0;
    text_append_format(&body, "{\"StreamArn\":\"%s\"}", arn);
    call(&connection, signer, "DynamoDBStreams_20120810.DescribeStream", &body);
    char *shard = text_in_answer(&connection, "ShardId");
    body.len = 0;
    text_append_format(&body,
                       "{\"StreamArn\":\"%s\",\"ShardId\":\"%s\",\"ShardIteratorType\":\"TRIM_HORIZON\"}",
                       arn, shard);
    call(&connection, signer, "DynamoDBStreams_20120810.GetShardIterator", &body);
    char *iterator = text_in_answer(&connection, "ShardIterator");
    free(arn);
    free(shard);
    connection_finish(&connection);
    text_finish(&body);
    signer_destroy(signer);
    return iterator;
}

static int mode_setup(const struct options *options)
{
    const struct workload *items = workload_find("load-items"), *pages = workload_find("load-pages"),
                          *stream = workload_find("load-stream");
    create_table(options, "BenchItems");
    create_table(options, "BenchPages");
    if (options->streams)
        create_table(options, "BenchStream");
    return run_workload(options, items, workload_requests_to_load(items), false) ||
           run_workload(options, pages, workload_requests_to_load(pages), false) ||
           (options->streams && run_workload(options, stream, workload_requests_to_load(stream), false));
}

static int mode_run(const struct options *options)
{
    const struct workload *workload = workload_find(options->workload ? options->workload : "get");
    if (!workload)
        die("no workload named %s", options->workload);
    char *iterator = strcmp(workload->name, "stream") == 0 ? find_iterator(options) : NULL;
    if (iterator)
        workload_set_iterator(iterator);
    uint64_t errors = run_workload(options, workload, options->requests, true);
    free(iterator);
    return errors != 0;
}

static void parse_cpus(const char *list, cpu_set_t *set)
{
    CPU_ZERO(set);
    for (const char *at = list; *at;) {
        char *end;
        unsigned long first = strtoul(at, &end, 10), last = first;
        if (end == at)
            die("not a list of processors: %s", list);
        if (*end == '-')
            last = strtoul(end + 1, &end, 10);
        for (unsigned long cpu = first; cpu <= last && cpu < CPU_SETSIZE; cpu++)
            CPU_SET(cpu, set);
        at = *end == ',' ? end + 1 : end;
        if (*end && *end != ',')
            die("not a list of processors: %s", list);
    }
}

static pid_t start_server(const struct options *options, char **command)
{
    pid_t pid = fork();
    if (pid < 0)
        die("fork: %s", strerror(errno));
    if (pid > 0)
        return pid;
    if (options->server_cpus) {
        cpu_set_t set;
        parse_cpus(options->server_cpus, &set);
        sched_setaffinity(0, sizeof set, &set);
    }
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(null, STDOUT_FILENO);
    execvp(command[0], command);
    fprintf(stderr, "load: %s: %s\n", command[0], strerror(errno));
    _exit(127);
}

/* Asks every fifth of a millisecond until the server gives the right answer. */
static uint64_t wait_for_answer(const struct options *options, const struct workload *workload,
                                struct signer *signer, pid_t pid)
{
    struct connection connection = {.fd = -1};
    struct text body = {0};
    uint64_t deadline = now() + SILENCE_SECONDS * SECOND;
    workload->write_body(&body, 0);
    for (;;) {
        if (connection_open(&connection, &options->address) &&
            exchange(&connection, signer, workload->operation, &body) && is_right(workload, &connection))
            break;
        connection_close(&connection);
        if (waitpid(pid, NULL, WNOHANG) != 0)
            die("the server ended before it answered");
        if (now() > deadline) {
            kill(pid, SIGKILL);
            die("no right answer in %d seconds", SILENCE_SECONDS);
        }
        nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
    }
    uint64_t answered = now();
    connection_finish(&connection);
    text_finish(&body);
    return answered;
}

static uint64_t resident_kib(pid_t pid)
{
    char path[64], line[256];
    uint64_t kib = 0;
    snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "VmRSS: %" SCNu64, &kib) == 1)
            break;
    if (file)
        fclose(file);
    return kib;
}

static int mode_cold(const struct options *options, char **command)
{
    const struct workload *workload = workload_find(options->workload ? options->workload : "list");
    if (!workload || !*command)
        die("usage: load cold --endpoint URL [--workload list|get] [--server-cpus LIST] -- COMMAND...");
    struct signer *signer = make_signer(options);
    uint64_t start = now();
    pid_t pid = start_server(options, command);
    uint64_t answered = wait_for_answer(options, workload, signer, pid);
    nanosleep(&(struct timespec){.tv_nsec = 500000000}, NULL); /* memory at rest: let the start's work end */
    uint64_t kib = resident_kib(pid);
    int status = 0;
    kill(pid, SIGTERM);
    waitpid(pid, &status, 0);
    printf("{\"workload\":\"%s\",\"cold_ms\":%.2f,\"rss_kib\":%" PRIu64 "}\n", workload->name,
           (double)(answered - start) / 1e6, kib);
    signer_destroy(signer);
    return 0;
}

static uint64_t parse_count(const char *name, const char *value, uint64_t least, uint64_t most)
{
    char *end;
    errno = 0;
    unsigned long long count = strtoull(value, &end, 10);
    if (errno || end == value || *end || *value == '-' || count < least || count > most)
        die("--%s must be a number from %" PRIu64 " to %" PRIu64, name, least, most);
    return count;
}

static double parse_seconds(const char *name, const char *value)
{
    char *end;
    double seconds = strtod(value, &end);
    if (end == value || *end || !(seconds >= 0 && seconds <= 86400))
        die("--%s must be a number of seconds", name);
    return seconds;
}

static void parse_endpoint(struct options *options, const char *url)
{
    char ip[64];
    unsigned port;
    if (sscanf(url, "http://%63[0-9.]:%u", ip, &port) != 2 || port == 0 || port > 65535 ||
        inet_pton(AF_INET, ip, &options->address.sin_addr) != 1)
        die("--endpoint must be http://IPV4:PORT");
    options->address.sin_family = AF_INET;
    options->address.sin_port = htons((uint16_t)port);
    static char host[80];
    snprintf(host, sizeof host, "%s:%u", ip, port);
    options->host = host;
}

static _Noreturn void usage(FILE *out, int status)
{
    fputs("usage: load run   --endpoint URL --workload NAME [--connections N] [--seconds S | --requests N] "
          "[--warmup S]\n"
          "       load setup --endpoint URL [--connections N] [--streams]\n"
          "       load cold  --endpoint URL [--workload list|get] [--server-cpus LIST] -- COMMAND...\n"
          "with --items N, --pages N (the sizes of the tables) and --seed N (the time, unless given: a run "
          "that\n"
          "repeats another writes what is there already); credentials from AWS_ACCESS_KEY_ID,\n"
          "AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_REGION. Workloads:",
          out);
    workload_print_names();
    fputc('\n', out);
    exit(status);
}

static void parse_options(struct options *options, int argc, char **argv)
{
    static const struct option longs[] = {
        {"endpoint", required_argument, NULL, 'e'},
        {"workload", required_argument, NULL, 'w'},
        {"connections", required_argument, NULL, 'c'},
        {"seconds", required_argument, NULL, 's'},
        {"requests", required_argument, NULL, 'n'},
        {"warmup", required_argument, NULL, 'u'},
        {"items", required_argument, NULL, 'i'},
        {"pages", required_argument, NULL, 'p'},
        {"seed", required_argument, NULL, 'r'},
        {"streams", no_argument, NULL, 't'},
        {"server-cpus", required_argument, NULL, 'S'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    for (int option; (option = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
        switch (option) {
        case 'e':
            parse_endpoint(options, optarg);
            break;
        case 'w':
            options->workload = optarg;
            break;
        case 'c':
            options->connections = parse_count("connections", optarg, 1, CONNECTIONS_MAX);
            break;
        case 's':
            options->seconds = parse_seconds("seconds", optarg);
            break;
        case 'n':
            options->requests = parse_count("requests", optarg, 1, UINT64_MAX - 1);
            break;
        case 'u':
            options->warmup = parse_seconds("warmup", optarg);
            break;
        case 'i':
            options->items = parse_count("items", optarg, 1000, 1000000000);
            break;
        case 'p':
            options->pages = parse_count("pages", optarg, 1, 1000000);
            break;
        case 'r':
            options->seed = parse_count("seed", optarg, 0, UINT64_MAX);
            break;
        case 't':
            options->streams = true;
            break;
        case 'S':
            options->server_cpus = optarg;
            break;
        case 'h':
            usage(stdout, 0);
        default:
            usage(stderr, 2);
        }
    }
    if (!options->host)
        usage(stderr, 2);
}

int main(int argc, char **argv)
{
    struct options options = {.connections = 16, .seconds = 3, .items = 10000, .pages = 100, .seed = now()};
    if (argc < 2)
        usage(stderr, 2);
    const char *mode = argv[1];
    parse_options(&options, argc - 1, argv + 1);
    workload_init(options.items, options.pages, options.seed);
    if (strcmp(mode, "run") == 0)
        return mode_run(&options);
    if (strcmp(mode, "setup") == 0)
        return mode_setup(&options);
    if (strcmp(mode, "cold") == 0)
        return mode_cold(&options, argv + 1 + optind);
    usage(stderr, 2);
}
