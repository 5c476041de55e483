/* The handlers of the server's own operations. */
#ifndef TURNTABLE_SERVICES_TURNTABLE_HANDLERS_H
#define TURNTABLE_SERVICES_TURNTABLE_HANDLERS_H

#include <stdbool.h>

struct permissions;
struct request;

bool check_statement(struct request *request);
bool create_console_session(struct request *request);
bool create_sign_in_link(struct request *request);
bool explain_denial(struct request *request);
bool explain_denial_needs(struct request *request, struct permissions *needs);
bool lint_policy(struct request *request);
bool list_decisions(struct request *request);
bool redeem_sign_in_link(struct request *request);

#endif
