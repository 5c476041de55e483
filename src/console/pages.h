/*
 * The console's pages: GET and HEAD of what is at /console/.
 *
 *     if (console_answer(&console_built, exchange))
 *         return HTTP_ANSWERED;
 *
 * A path below /console/ that is no file is a view of the console, which is found in the browser: so it is
 * answered by index.html, and links to views can be kept. Files with a hash in their names are kept by
 * browsers for good, index.html is asked for each time. Every answer says what the page may do, which is to
 * talk to its own origin (Content-Security-Policy). Threads: any.
 */
#ifndef TURNTABLE_CONSOLE_PAGES_H
#define TURNTABLE_CONSOLE_PAGES_H

#include "console/files.h"
#include "http/server.h"

/* Fills the answer; false: the request is for another path, or no GET or HEAD. Whether it is signed, and so
 * meant for somebody else, the caller knows. */
bool console_answer(const struct console_files *files, struct http_exchange *exchange);

/* Sends the browser to the console's first page, with 302, 307 or 308. */
void console_redirect(struct http_exchange *exchange, unsigned status);

#endif
