/* The console in the life of a request: what is asked of /console/ without a signature is the console's; with
 * one, it is S3's, for a bucket may have that name. A browser that opens "/" is sent there. */
#ifndef TURNTABLE_SERVICES_CONSOLE_SITE_H
#define TURNTABLE_SERVICES_CONSOLE_SITE_H

#include "services/life.h"

/* A life_site. */
bool console_site(struct http_exchange *exchange, struct slice id);

#endif
