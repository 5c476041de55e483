/*
 * The limit of HTTP: libmicrohttpd answering every POST with the same body, and doing nothing else.
 *
 *   bare_http [--threads N] [--bytes N]     prints its address, serves until SIGTERM
 *
 * The body has the size of a GetItem's answer, so what a real server does on top of this is its own work.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <microhttpd.h>

enum { BODY_MAX = 1 << 20 };

static struct MHD_Response *answer;

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload, size_t *upload_len,
                              void **request)
{
    static char seen;
    (void)context, (void)url, (void)method, (void)version, (void)upload;
    if (!*request) {
        *request = &seen;
        return MHD_YES;
    }
    if (*upload_len > 0) {
        *upload_len = 0;
        return MHD_YES;
    }
    return MHD_queue_response(connection, MHD_HTTP_OK, answer);
}

static long parse(const char *value, long most)
{
    char *end;
    long number = strtol(value, &end, 10);
    if (*end || number < 1 || number > most) {
        fprintf(stderr, "bare_http: %s is not a number from 1 to %ld\n", value, most);
        exit(2);
    }
    return number;
}

int main(int argc, char **argv)
{
    static char body[BODY_MAX];
    long threads = 1, bytes = 1200;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--threads") == 0)
            threads = parse(argv[i + 1], 64);
        else if (strcmp(argv[i], "--bytes") == 0)
            bytes = parse(argv[i + 1], BODY_MAX);
    }
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    sigprocmask(SIG_BLOCK, &stop, NULL);

    memset(body, 'x', sizeof body);
    answer = MHD_create_response_from_buffer((size_t)bytes, body, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(answer, "Content-Type", "application/x-amz-json-1.0");
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG;
    struct MHD_OptionItem pool[] = {{MHD_OPTION_THREAD_POOL_SIZE, threads, NULL}, {MHD_OPTION_END, 0, NULL}};
    if (threads == 1) /* then there is no pool */
        pool[0].option = MHD_OPTION_END;
    struct MHD_Daemon *daemon = MHD_start_daemon(flags, 0, NULL, NULL, handle, NULL, MHD_OPTION_SOCK_ADDR,
                                                 &address, MHD_OPTION_ARRAY, pool, MHD_OPTION_END);
    if (!daemon) {
        fputs("bare_http: cannot listen\n", stderr);
        return 1;
    }
    printf("bare_http: listening on http://127.0.0.1:%" PRIu16 "\n",
           MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    int caught;
    sigwait(&stop, &caught);
    MHD_stop_daemon(daemon);
    MHD_destroy_response(answer);
    return 0;
}
