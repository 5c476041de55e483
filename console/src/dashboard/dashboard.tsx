// How the server does: what is asked of it, how long it takes, what it holds.

import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import Header from "@cloudscape-design/components/header";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useAnswer } from "../app/asking";
import { useQuery } from "../app/router";
import { useClient } from "../aws/clients";
import { Refused } from "../parts/refused";
import { dashboard as said } from "../text/dashboard";
import { Charts } from "./charts";
import { Denials } from "./denials";
import { useWhileInSight } from "./in_sight";
import { type Range, ranges, readMetrics } from "./metrics";
import { Totals } from "./totals";

export default function Dashboard() {
  const cloudwatch = useClient(CloudWatchClient);
  const [query, setQuery] = useQuery();
  const asked = query.get("range");
  const range: Range = asked !== null && Object.hasOwn(ranges, asked) ? (asked as Range) : "5m";
  const answer = useAnswer((abortSignal) => readMetrics(cloudwatch, range, abortSignal), [cloudwatch, range]);
  useWhileInSight(answer.again);
  const options = (Object.keys(ranges) as Range[]).map((id) => ({ id, text: said.ranges[id] }));
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={said.hint}
        actions={<SegmentedControl label={said.range} selectedId={range} options={options} onChange={({ detail }) => setQuery({ range: detail.selectedId })} />}
      >
        {said.title}
      </Header>
      <Totals />
      <Refused error={answer.error} />
      <Charts answer={answer} />
      <Denials />
    </SpaceBetween>
  );
}
