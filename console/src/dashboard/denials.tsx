// What was denied last, for who may read the decision log.

import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import { useAnswer } from "../app/asking";
import { useSession } from "../app/session";
import { type Decision, listDecisions } from "../access/decisions_data";
import { refusal } from "../aws/errors";
import { Link } from "../parts/link";
import { Refused } from "../parts/refused";
import { timeText } from "../parts/words";
import { app } from "../text/app";
import { dashboard } from "../text/dashboard";
import { useWhileInSight } from "./in_sight";

const said = dashboard.denials;
const SHOWN = 5;

export function Denials() {
  const session = useSession();
  const answer = useAnswer(async (): Promise<Decision[]> => (session ? (await listDecisions(session, { outcome: "Denied" }, undefined)).items.slice(0, SHOWN) : []), [session]);
  useWhileInSight(answer.again);
  if (answer.error) return refusal(answer.error).denied ? null : <Refused error={answer.error} />;
  return (
    <Table
      items={answer.value ?? []}
      trackBy={({ requestId, action, resource }) => `${requestId} ${action} ${resource}`}
      loading={!answer.value}
      loadingText={app.loading}
      ariaLabels={{ tableLabel: said.header }}
      header={<Header variant="h2" actions={<Link to="/access/decisions?outcome=Denied">{said.all}</Link>}>{said.header}</Header>}
      empty={<Box textAlign="center" color="inherit">{said.empty}</Box>}
      columnDefinitions={[
        { id: "time", header: said.time, width: 210, cell: ({ time }) => timeText(time), isRowHeader: true },
        { id: "principal", header: said.principal, cell: ({ principal }) => principal },
        { id: "action", header: said.action, cell: ({ action }) => action },
        { id: "resource", header: said.resource, cell: ({ resource }) => resource },
      ]}
    />
  );
}
