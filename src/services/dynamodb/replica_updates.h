/*
 * What UpdateTable is given about other Regions: ReplicaUpdates, GlobalTableWitnessUpdates,
 * MultiRegionConsistency, GlobalTableSettingsReplicationMode, DisassociationProtectionEnabled. One Region is
 * served, so that there is nothing to be done with them but to say why not.
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_REPLICA_UPDATES_H
#define TURNTABLE_SERVICES_DYNAMODB_REPLICA_UPDATES_H

#include "services/request.h"
#include "services/shape.h"

extern const struct shape replica_updates_shape, replica_updates_witnesses, replica_updates_consistency,
    replica_updates_settings_mode;

/* True if the request has none of these members, or none that asks for anything. */
must_use bool replica_updates_accept(struct request *request);

#endif
