// An editor of policies that the server reads along: what is wrong, and what can never do what it says.

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Icon from "@cloudscape-design/components/icon";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useEffect, useRef, useState } from "react";
import { useSession } from "../app/session";
import { useClient } from "../aws/clients";
import { isAborted, refusal } from "../aws/errors";
import { CodeEditor } from "../parts/code_editor";
import { access } from "../text/access";
import "./access.css";
import { type Finding, type KnownTable, type LintHolder, type PolicyType, lint } from "./lint";
import { openBrace } from "./ranges";

const said = access.editor;
const WAIT_MS = 400; // until one stops typing

export const emptyPolicy = JSON.stringify({ Version: "2012-10-17", Statement: [{ Sid: "", Effect: "Allow", Action: ["dynamodb:GetItem", "dynamodb:Query"], Resource: "*" }] }, null, 2);

interface Checked {
  document: string;
  findings?: Finding[];
  error?: unknown;
}

/** What the server says of a document, a moment after it was last changed. */
function useLint(document: string, type: PolicyType, holder: LintHolder): Checked & { fresh: boolean } {
  const session = useSession();
  const dynamodb = useClient(DynamoDBClient);
  const known = useRef(new Map<string, KnownTable>());
  const [checked, setChecked] = useState<Checked>({ document: "" });
  const denied = useRef<unknown>(undefined); // who may not ask is not asked for again at each letter
  useEffect(() => {
    let late = false;
    const timer = setTimeout(async () => {
      if (!session) return;
      try {
        if (denied.current) throw denied.current;
        const findings = await lint(session, dynamodb, known.current, document, type, holder);
        if (!late) setChecked({ document, findings });
      } catch (error) {
        if (refusal(error).denied) denied.current = error;
        if (!late && !isAborted(error)) setChecked({ document, error });
      }
    }, WAIT_MS);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [document, type, holder, session, dynamodb]);
  return { ...checked, fresh: checked.document === document };
}

function markOf(document: string, finding: Finding) {
  const text = finding.mend ? `${finding.sentence} ${finding.mend}` : finding.sentence;
  const type = finding.severity;
  const { line = 1, column = 1, length = 0 } = finding;
  if (length > 0) return { line, column: column - 1, length, text, type };
  const at = openBrace(document, line, column);
  return { line: at.line, column: at.column, text, type };
}

function FindingText({ finding }: { finding: Finding }) {
  const where = [finding.statement && said.statement(finding.statement, finding.sid), finding.element && said.about(finding.element, finding.subject ?? "")].filter(Boolean).join(", ");
  return (
    <span className="access-finding">
      <Box color={finding.severity === "error" ? "text-status-error" : "text-status-warning"} variant="span">
        <Icon name={finding.severity === "error" ? "status-negative" : "status-warning"} />
      </Box>{" "}
      {finding.line !== undefined && `${said.at(finding.line)}: `}
      {where && `${where}: `}
      {finding.sentence} {finding.mend}
    </span>
  );
}

function Findings({ checked }: { checked: Checked & { fresh: boolean } }) {
  if (checked.error) return <StatusIndicator type="info">{said.unread}: {refusal(checked.error).message}</StatusIndicator>;
  if (!checked.findings) return <StatusIndicator type="loading">{said.checking}</StatusIndicator>;
  if (checked.findings.length === 0) return <StatusIndicator type="success">{said.good}</StatusIndicator>;
  return (
    <ul className="access-findings" aria-label={said.findings}>
      {checked.findings.map((finding, i) => (
        <li key={i}>
          <FindingText finding={finding} />
        </li>
      ))}
    </ul>
  );
}

export function PolicyEditor({ value, onChange, label = said.label, type = "IDENTITY_POLICY", holder = "ANYONE", height = 320 }: {
  value: string;
  onChange: (value: string) => void;
  label?: string;
  type?: PolicyType;
  holder?: LintHolder;
  height?: number;
}) {
  const checked = useLint(value, type, holder);
  const format = () => {
    try {
      onChange(JSON.stringify(JSON.parse(value), null, 2));
    } catch {
      // What is no JSON stays as it is: the findings say why.
    }
  };
  const marks = checked.fresh ? (checked.findings ?? []).map((finding) => markOf(value, finding)) : [];
  return (
    <SpaceBetween size="xs">
      <CodeEditor language="json" label={label} value={value} onChange={onChange} height={height} marks={marks} />
      <div className="access-lint">
        <div aria-live="polite">
          <Findings checked={checked} />
        </div>
        <span className="access-format">
          <Button variant="inline-link" formAction="none" onClick={format}>{said.format}</Button>
        </span>
      </div>
    </SpaceBetween>
  );
}
