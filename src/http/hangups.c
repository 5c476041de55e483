#include "http/hangups.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/check.h"

/* MHD closes most of them at once; the others get an edge in each of these intervals. */
enum { INTERVAL_MILLISECONDS = 100, EVENTS_AT_ONCE = 64 };

struct hangups {
    int sockets; /* an epoll set: those that are watched, and `stop` */
    int stop;    /* an eventfd */
    atomic_bool stopping;
    pthread_mutex_t lock; /* while it is held no socket is forgotten, and so none closed */
    pthread_t thread;
};

/* To shut down the side that the client has ended changes nothing, except that all who wait for the socket
 * are woken. */
static void give_edges(struct hangups *hangups)
{
    struct epoll_event events[EVENTS_AT_ONCE];

    pthread_mutex_lock(&hangups->lock);
    int count = epoll_wait(hangups->sockets, events, EVENTS_AT_ONCE, 0);
    for (int i = 0; i < count; i++) {
        if (events[i].data.fd != hangups->stop)
            (void)shutdown(events[i].data.fd, SHUT_RD);
    }
    pthread_mutex_unlock(&hangups->lock);
}

static void *run(void *context)
{
    struct hangups *hangups = context;
    const struct timespec interval = {.tv_nsec = INTERVAL_MILLISECONDS * 1000000L};
    struct epoll_event event;

    while (!atomic_load(&hangups->stopping)) {
        int count = epoll_wait(hangups->sockets, &event, 1, -1);
        CHECK(count >= 0 || errno == EINTR);
        if (atomic_load(&hangups->stopping))
            break;
        nanosleep(&interval, NULL);
        give_edges(hangups);
    }
    return NULL;
}

static bool open_descriptors(struct hangups *hangups)
{
    struct epoll_event event = {.events = EPOLLIN};

    hangups->sockets = epoll_create1(EPOLL_CLOEXEC);
    if (hangups->sockets < 0)
        return false;
    hangups->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    event.data.fd = hangups->stop;
    if (hangups->stop >= 0 && epoll_ctl(hangups->sockets, EPOLL_CTL_ADD, hangups->stop, &event) == 0)
        return true;
    int error = errno;
    if (hangups->stop >= 0)
        close(hangups->stop);
    close(hangups->sockets);
    errno = error;
    return false;
}

struct hangups *hangups_start(void)
{
    struct hangups *hangups = calloc(1, sizeof(*hangups));

    CHECK(hangups != NULL);
    if (!open_descriptors(hangups)) {
        free(hangups);
        return NULL;
    }
    atomic_init(&hangups->stopping, false);
    CHECK(pthread_mutex_init(&hangups->lock, NULL) == 0);
    CHECK(pthread_create(&hangups->thread, NULL, run, hangups) == 0);
    return hangups;
}

void hangups_stop(struct hangups *hangups)
{
    if (hangups == NULL)
        return;
    atomic_store(&hangups->stopping, true);
    CHECK(eventfd_write(hangups->stop, 1) == 0);
    pthread_join(hangups->thread, NULL);
    close(hangups->stop);
    close(hangups->sockets);
    pthread_mutex_destroy(&hangups->lock);
    free(hangups);
}

/* If the set takes no more, a hang-up that MHD overlooks is noticed late, as an idle connection. */
void hangups_watch(struct hangups *hangups, int socket)
{
    struct epoll_event event = {.events = EPOLLRDHUP, .data.fd = socket};

    (void)epoll_ctl(hangups->sockets, EPOLL_CTL_ADD, socket, &event);
}

void hangups_forget(struct hangups *hangups, int socket)
{
    struct epoll_event none = {0};

    pthread_mutex_lock(&hangups->lock);
    (void)epoll_ctl(hangups->sockets, EPOLL_CTL_DEL, socket, &none);
    pthread_mutex_unlock(&hangups->lock);
}
