// The form of an item: a row an attribute, and those of maps, lists and sets below theirs.

import Button from "@cloudscape-design/components/button";
import Box from "@cloudscape-design/components/box";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import Textarea from "@cloudscape-design/components/textarea";
import { memo, useId, useMemo, useState } from "react";
import { editing as said, typeNames } from "../text/items";
import { type Edit, type Node, countNames, hasChildren, nameProblem, setProblem, textProblem } from "./tree";
import { type Type, isSet, types } from "./value";

const PAGE = 40; // rows of one map or list, until more are asked for
const DEEP = 32; // DynamoDB has no more levels

type Send = (edit: Edit) => void;

interface RowProps {
  node: Node;
  /** How a reader of the screen knows it: info.tags[0]. */
  path: string;
  depth: number;
  /** What it is in: elements have no names, and those of sets no types. */
  within: Type;
  /** A key's name and type stay, and in an item that is there its value. */
  fixed?: "name" | "value";
  problem?: string;
  send: Send;
}

const options = types.map((value) => ({ value, label: typeNames[value] }));

function Scalar({ node, path, fixed, send, describedBy, invalid }: RowProps & { describedBy: string; invalid: boolean }) {
  const label = said.valueOf(path);
  const disabled = fixed === "value";
  const change = (text: string) => send({ kind: "change", id: node.id, change: { text } });
  if (node.type === "NULL") return <Box color="text-status-inactive" padding={{ top: "xxs" }}>null</Box>;
  if (node.type === "BOOL")
    return (
      <Select
        ariaLabel={label}
        selectedOption={{ value: node.text, label: node.text }}
        options={["true", "false"].map((value) => ({ value, label: value }))}
        onChange={({ detail }) => change(detail.selectedOption.value ?? "false")}
      />
    );
  const shared = { value: node.text, ariaLabel: label, readOnly: disabled, invalid, ariaDescribedby: describedBy, spellcheck: false, onChange: ({ detail }: { detail: { value: string } }) => change(detail.value) };
  if (node.type === "N") return <Input {...shared} autoComplete={false} inputMode="decimal" />;
  const lines = Math.min(8, Math.max(1, Math.ceil(node.text.length / 70), node.text.slice(0, 2000).split("\n").length));
  return <Textarea {...shared} rows={lines} placeholder={node.type === "B" ? said.base64 : undefined} />;
}

function Children({ node, path, depth, send }: RowProps) {
  const [limit, setLimit] = useState(PAGE);
  const isMap = node.type === "M";
  const counts = useMemo(() => (isMap ? countNames(node.children) : new Map<string, number>()), [isMap, node.children]);
  const rest = node.children.length - limit;
  return (
    <div className="items-children" role="group" aria-label={path}>
      {node.children.slice(0, limit).map((child, i) => (
        <NodeRow
          key={child.id}
          node={child}
          path={isMap ? `${path}.${child.name}` : `${path}[${i}]`}
          depth={depth + 1}
          within={node.type}
          problem={isMap ? nameProblem(child.name, counts) : undefined}
          send={send}
        />
      ))}
      {rest > 0 && <Button variant="inline-link" onClick={() => setLimit(limit + 5 * PAGE)}>{said.showMore(rest)}</Button>}
      {depth < DEEP && (
        <Button
          variant="inline-link"
          iconName="add-plus"
          ariaLabel={said.addTo(isMap ? said.addAttribute : said.addElement, path)}
          onClick={() => {
            setLimit(Math.max(limit, node.children.length + 1));
            send({ kind: "add", id: node.id });
          }}
        >
          {isMap ? said.addAttribute : said.addElement}
        </Button>
      )}
    </div>
  );
}

function Name({ node, path, within, fixed, problem, send }: RowProps) {
  if (within === "L" || isSet(within)) return <Box color="text-body-secondary" padding={{ top: "xxs" }}>{path.slice(path.lastIndexOf("["))}</Box>;
  if (fixed) return <Box padding={{ top: "xxs" }} fontWeight="bold">{said.keyName(node.name)}</Box>;
  return <Input value={node.name} ariaLabel={said.nameOf(path)} placeholder={said.name} invalid={problem !== undefined} spellcheck={false} autoComplete={false} onChange={({ detail }) => send({ kind: "change", id: node.id, change: { name: detail.value } })} />;
}

export const NodeRow = memo(function NodeRow(props: RowProps) {
  const { node, path, within, fixed, problem, send, depth } = props;
  const [open, setOpen] = useState(node.children.length <= 8 && depth < 4);
  const id = useId();
  const parent = hasChildren(node.type);
  const wrong = problem ?? (parent ? setProblem(node) : textProblem(node));
  return (
    <div className="items-node">
      <div className="items-row">
        <div className="items-name">
          {parent && <Button variant="icon" iconName={open ? "angle-down" : "angle-right"} ariaLabel={open ? said.collapse(path) : said.expand(path)} ariaExpanded={open} onClick={() => setOpen(!open)} />}
          <div className="items-grow"><Name {...props} /></div>
        </div>
        <div className="items-type">
          {fixed || isSet(within) ? (
            <Box color="text-body-secondary" padding={{ top: "xxs" }}>{typeNames[node.type]}</Box>
          ) : (
            <Select
              ariaLabel={said.typeOf(path)}
              selectedOption={{ value: node.type, label: typeNames[node.type] }}
              options={options}
              expandToViewport
              onChange={({ detail }) => {
                setOpen(true);
                send({ kind: "type", id: node.id, type: detail.selectedOption.value as Type });
              }}
            />
          )}
        </div>
        <div className="items-value">
          {parent ? <Box color="text-body-secondary" padding={{ top: "xxs" }}>{node.type === "M" ? said.members(node.children.length) : said.elements(node.children.length)}</Box> : <Scalar {...props} describedBy={id} invalid={!problem && wrong !== undefined} />}
          <div id={id} className="items-problem">{wrong}</div>
        </div>
        <div className="items-remove">{!fixed && <Button variant="icon" iconName="remove" ariaLabel={said.remove(path)} onClick={() => send({ kind: "remove", id: node.id })} />}</div>
      </div>
      {parent && open && <Children {...props} />}
    </div>
  );
});

/** All attributes of an item, its key's first. */
export function ItemForm({ nodes, keyNames, fixedKey, send }: { nodes: readonly Node[]; keyNames: readonly string[]; fixedKey: boolean; send: Send }) {
  const [limit, setLimit] = useState(PAGE);
  const counts = useMemo(() => countNames(nodes), [nodes]);
  const isKey = (node: Node) => keyNames.includes(node.name) && counts.get(node.name) === 1;
  const rest = nodes.length - limit;
  return (
    <div>
      {nodes.slice(0, limit).map((node) => (
        <NodeRow
          key={node.id}
          node={node}
          path={node.name || said.unnamed}
          depth={0}
          within="M"
          fixed={isKey(node) ? (fixedKey ? "value" : "name") : undefined}
          problem={nameProblem(node.name, counts)}
          send={send}
        />
      ))}
      {rest > 0 && <Box padding={{ vertical: "xs" }}><Button variant="inline-link" onClick={() => setLimit(limit + 5 * PAGE)}>{said.showMore(rest)}</Button></Box>}
      <Box padding={{ top: "s" }}>
        <Button
          iconName="add-plus"
          onClick={() => {
            setLimit(Math.max(limit, nodes.length + 1));
            send({ kind: "add", id: 0 });
          }}
        >
          {said.addAttribute}
        </Button>
      </Box>
    </div>
  );
}
