// How each request of a simulation is decided, and the documents with the statements that do it.

import type { EvaluationResult } from "@aws-sdk/client-iam";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { CodeEditor } from "../parts/code_editor";
import { simulator as said } from "../text/access";
import { type Document, type Found, findStatement } from "./documents";
import { placeOf } from "./ranges";
import type { Outcome } from "./simulation";

type Decision = keyof typeof said.decisions;

const isAllowed = (result: EvaluationResult) => result.EvalDecision === "allowed";

function DecisionText({ result }: { result: EvaluationResult }) {
  const decision = (result.EvalDecision ?? "implicitDeny") as Decision;
  const missing = result.ResourceSpecificResults?.[0]?.MissingContextValues ?? result.MissingContextValues ?? [];
  return (
    <SpaceBetween size="xxs">
      <StatusIndicator type={isAllowed(result) ? "success" : "error"} wrapText>{said.decisions[decision]}</StatusIndicator>
      {result.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary === false && <Box color="text-status-inactive">{said.boundary}</Box>}
      {missing.length > 0 && <Box color="text-status-warning">{said.missing(missing.join(", "))}</Box>}
    </SpaceBetween>
  );
}

const nameOf = ({ document, id, number, statement }: Found) => `${document?.title ?? id}${number ? `: ${said.statement(number, statement?.Sid)}` : ""}`;

function Statements({ result, documents }: { result: EvaluationResult; documents: Document[] }) {
  const matched = result.MatchedStatements ?? [];
  if (matched.length === 0) return <Box color="text-status-inactive">{said.noStatement}</Box>;
  return (
    <ul className="access-findings">
      {matched.map((each, i) => (
        <li key={i}>{nameOf(findStatement(documents, each))}</li>
      ))}
    </ul>
  );
}

/** The documents that decided, with their statements on a ground of their own. */
function Documents({ results, documents }: Outcome) {
  const found = results.flatMap(({ MatchedStatements = [] }) => MatchedStatements.map((each) => findStatement(documents, each)));
  const shown = documents.filter((document) => found.some((each) => each.document === document));
  return shown.map((document, i) => {
    const spots = new Map(found.filter((each) => each.document === document).map((each) => [each.from, each]));
    const ranges = [...spots.values()].map(({ from, to, statement }) => {
      const start = placeOf(document.text, from),
        end = placeOf(document.text, to);
      return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column, kind: statement?.Effect === "Deny" ? ("deny" as const) : ("allow" as const) };
    });
    const height = Math.min(420, 40 + 20 * document.text.split("\n").length);
    return (
      <ExpandableSection key={i} defaultExpanded headerText={said.document(document.title)}>
        <CodeEditor language="json" label={said.document(document.title)} value={document.text} height={height} ranges={ranges} />
      </ExpandableSection>
    );
  });
}

export function SimulatorResults({ outcome }: { outcome: Outcome | undefined }) {
  return (
    <Container header={<Header variant="h2">{said.results}</Header>}>
      {!outcome ? (
        <Box color="text-status-inactive">{said.empty}</Box>
      ) : (
        <SpaceBetween size="m">
          <Table
            variant="embedded"
            wrapLines
            ariaLabels={{ tableLabel: said.results }}
            items={outcome.results}
            columnDefinitions={[
              { id: "action", header: said.action, isRowHeader: true, cell: ({ EvalActionName }) => EvalActionName },
              { id: "resource", header: said.resource, minWidth: 180, cell: ({ EvalResourceName }) => EvalResourceName },
              { id: "decision", header: said.decision, minWidth: 190, cell: (result) => <DecisionText result={result} /> },
              { id: "by", header: said.by, minWidth: 180, cell: (result) => <Statements result={result} documents={outcome.documents} /> },
            ]}
          />
          <Documents {...outcome} />
        </SpaceBetween>
      )}
    </Container>
  );
}
