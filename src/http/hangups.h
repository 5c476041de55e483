/*
 * Hang-ups: the ends of connections that libmicrohttpd (MHD) overlooks.
 *
 * MHD's epoll sets are edge-triggered, and to MHD a read that does not fill its buffer means that there is no
 * more for now. When a client ends its side of the connection together with its last bytes, there is one edge
 * for both: MHD reads the bytes, not the end, and the connection stays until it has idled for too long. So
 * whoever has hung up is watched for here, level-triggered, and MHD is given another edge until it has closed
 * the connection. What was sent before the end is still read, and answered.
 *
 * Threads: one of its own; the functions may be called from any. A socket is forgotten before it is closed.
 */
#ifndef TURNTABLE_HTTP_HANGUPS_H
#define TURNTABLE_HTTP_HANGUPS_H

struct hangups;

/* NULL if the system refuses: errno. */
struct hangups *hangups_start(void);
void hangups_stop(struct hangups *hangups); /* when no socket is watched any more; accepts NULL */

void hangups_watch(struct hangups *hangups, int socket);
void hangups_forget(struct hangups *hangups, int socket);

#endif
