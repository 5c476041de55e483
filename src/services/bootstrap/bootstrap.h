/*
 * What a new server is born with: what `cdk bootstrap` makes of an account, so that `npx ampx sandbox` and
 * `cdk deploy` find it and need not be told. The bucket of assets, the roles that they assume, the parameter
 * that tells the version; and the stack CDKToolkit, which all of it belongs to.
 *
 * All of it is made in one commit, with a mark: so it is there whole or not at all, and what is deleted later
 * is not made again. The names and permissions are those of CDK's own template.
 *
 * The stack is there because `cdk bootstrap` looks for it. Without one it would create it, and fail at roles
 * and buckets that there are already; so it updates it, or finds that there is nothing to do, and `aws
 * cloudformation delete-stack` takes back what was made. Of CDK's template is missing what only stands in the
 * way here: the key of KMS, and the policy of the bucket that denies whoever comes without TLS.
 */
#ifndef TURNTABLE_SERVICES_BOOTSTRAP_BOOTSTRAP_H
#define TURNTABLE_SERVICES_BOOTSTRAP_BOOTSTRAP_H

#include "services/request.h"
#include "storage/storage.h"

/*
 * Once in a server's life: while it opens, before anybody calls. `storage`, `region` and `account_id` are
 * there. A server that already has something of one of these names gets the mark alone.
 */
must_use enum storage_status bootstrap_once(struct server *server);

#endif
