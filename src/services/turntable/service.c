/*
 * What the server's own commands and its console ask of it, in the query protocol: no service of AWS's. Who
 * is no root needs the permission, "turntable:" and the name, on "*", but to be told why they themselves were
 * denied.
 */
#include "services/operation.h"
#include "services/turntable/handlers.h"

static const struct operation operations[] = {
    {"CheckStatement", check_statement, NULL, OPERATION_READ, CALLER_SIGNED, NULL},
    {"CreateConsoleSession", create_console_session, NULL, OPERATION_READ, CALLER_SIGNED, NULL},
    {"CreateSignInLink", create_sign_in_link, "turntable:CreateSignInLink", OPERATION_READ, CALLER_SIGNED,
     NULL},
    {"ExplainDenial", explain_denial, "turntable:ExplainDenial", OPERATION_READ, CALLER_SIGNED,
     explain_denial_needs},
    {"LintPolicy", lint_policy, "turntable:LintPolicy", OPERATION_READ, CALLER_SIGNED, NULL},
    {"ListDecisions", list_decisions, "turntable:ListDecisions", OPERATION_READ, CALLER_SIGNED, NULL},
    {"RedeemSignInLink", redeem_sign_in_link, NULL, OPERATION_READ, CALLER_ANYONE, NULL},
};

const struct service turntable_service = {
    .name = "turntable",
    .protocol = PROTOCOL_QUERY,
    .version = "2026-11-26",
    .xmlns = "urn:turntable:2026-11-26",
    .content_type = "text/xml",
    .operations = operations,
    .operation_count = sizeof(operations) / sizeof(operations[0]),
};
