import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Table from "@cloudscape-design/components/table";
import { timeText } from "../parts/words";
import { partiql } from "../text/partiql";
import type { Remembered } from "./kept";

const said = partiql.history;
const brief = (text: string) => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

export function History({ history, onUse, onClear }: { history: Remembered[]; onUse: (text: string) => void; onClear: () => void }) {
  return (
    <ExpandableSection variant="container" headerText={said.header} headerCounter={`(${history.length})`} headerActions={<Button disabled={history.length === 0} onClick={onClear}>{said.clear}</Button>}>
      <Table
        variant="embedded"
        contentDensity="compact"
        ariaLabels={{ tableLabel: said.header }}
        wrapLines
        items={history}
        empty={<Box color="text-status-inactive">{said.empty}</Box>}
        columnDefinitions={[
          { id: "statement", header: said.statement, isRowHeader: true, cell: ({ text }) => <Box variant="code">{brief(text)}</Box> },
          { id: "outcome", header: said.outcome, cell: ({ outcome }) => outcome, width: 260 },
          { id: "when", header: said.when, cell: ({ at }) => timeText(at), width: 190 },
          { id: "use", header: said.use, cell: ({ text }) => <Button variant="inline-link" ariaLabel={said.useThis(brief(text))} onClick={() => onUse(text)}>{said.use}</Button>, width: 80 },
        ]}
      />
    </ExpandableSection>
  );
}
