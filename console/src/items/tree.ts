// An item as the form has it: attributes with texts that may be wrong yet. A change makes new nodes on the way to it only,
// so that what did not change is not drawn again.

import { tree as said } from "../text/items";
import { bytesOf, textOfBytes } from "./base64";
import { numberProblem } from "./number";
import { type Item, type Type, type Value, isSet, itemOf, scalarText, typeOf } from "./value";

export interface Node {
  id: number;
  name: string;
  type: Type;
  /** Of a scalar: base64 for B, "true" or "false" for BOOL. */
  text: string;
  /** Of a map, list or set; those of a set have its type of elements. */
  children: readonly Node[];
}

let last = 0;
export const newNode = (name = "", type: Type = "S"): Node => ({ id: ++last, name, type, text: type === "BOOL" ? "false" : "", children: [] });

export const hasChildren = (type: Type) => type === "M" || type === "L" || isSet(type);
const elementType = (type: Type): Type => (type === "SS" ? "S" : type === "NS" ? "N" : "B");

export function nodeOf(name: string, value: Value): Node {
  const type = typeOf(value);
  const node = newNode(name, type);
  if (value.M) return { ...node, children: nodesOf(value.M) };
  if (value.L) return { ...node, children: value.L.map((element) => nodeOf("", element)) };
  if (value.BS) return { ...node, children: value.BS.map((bytes) => ({ ...newNode("", "B"), text: textOfBytes(bytes) })) };
  const texts = value.SS ?? value.NS;
  if (texts) return { ...node, children: texts.map((text) => ({ ...newNode("", elementType(type)), text })) };
  return { ...node, text: scalarText(value) };
}
export const nodesOf = (item: Item): Node[] => Object.entries(item).map(([name, value]) => nodeOf(name, value));

/** An element or attribute that one may add to a node. */
export const newChild = (node: Node): Node => newNode("", isSet(node.type) ? elementType(node.type) : "S");

/** The node as another type, with what of it still makes sense. */
export function retyped(node: Node, type: Type): Node {
  if (type === node.type) return node;
  const next: Node = { ...node, type, text: "", children: [] };
  const scalars = (children: readonly Node[], of: Type) => children.filter((child) => !hasChildren(child.type) && child.type !== "NULL").map((child) => retyped({ ...child, name: "" }, of));
  if (isSet(type)) return { ...next, children: hasChildren(node.type) ? scalars(node.children, elementType(type)) : node.text && node.type !== "BOOL" ? [{ ...newNode("", elementType(type)), text: node.text }] : [] };
  if (type === "L") return { ...next, children: hasChildren(node.type) ? node.children.map((child) => ({ ...child, name: "" })) : [] };
  if (type === "M") return { ...next, children: node.type === "L" ? node.children.map((child, i) => ({ ...child, name: String(i) })) : [] };
  if (type === "BOOL") return { ...next, text: node.text === "true" ? "true" : "false" };
  return type === "NULL" ? next : { ...next, text: node.text };
}

export type Edit =
  | { kind: "change"; id: number; change: Partial<Pick<Node, "name" | "text">> }
  | { kind: "type"; id: number; type: Type }
  | { kind: "remove"; id: number }
  /** To the item itself with id 0. */
  | { kind: "add"; id: number };

function inNodes(nodes: readonly Node[], edit: Edit): readonly Node[] {
  for (const [i, node] of nodes.entries()) {
    if (node.id === edit.id) {
      if (edit.kind === "remove") return nodes.toSpliced(i, 1);
      if (edit.kind === "add") return nodes.with(i, { ...node, children: [...node.children, newChild(node)] });
      return nodes.with(i, edit.kind === "type" ? retyped(node, edit.type) : { ...node, ...edit.change });
    }
    const children = inNodes(node.children, edit);
    if (children !== node.children) return nodes.with(i, { ...node, children });
  }
  return nodes;
}

export const edited = (nodes: readonly Node[], edit: Edit): readonly Node[] => (edit.kind === "add" && edit.id === 0 ? [...nodes, newNode()] : inNodes(nodes, edit));

/** What is wrong with a node's text. */
export function textProblem({ type, text }: Node): string | undefined {
  if (type === "N") return numberProblem(text.trim());
  return type === "B" && !bytesOf(text.trim()) ? said.base64 : undefined;
}

/** What is wrong with a node's name, among its siblings. */
export function nameProblem(name: string, siblings: ReadonlyMap<string, number>): string | undefined {
  if (name === "") return said.noName;
  return (siblings.get(name) ?? 0) > 1 ? said.nameTwice : undefined;
}

export function countNames(nodes: readonly Node[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { name } of nodes) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Two members of a set that are alike, or none at all. */
export function setProblem(node: Node): string | undefined {
  if (!isSet(node.type)) return undefined;
  if (!node.children.length) return said.emptySet;
  return new Set(node.children.map(({ text }) => text)).size < node.children.length ? said.setTwice : undefined;
}

function valueOf(node: Node, problem: (text: string) => void): Value {
  const wrong = textProblem(node) ?? setProblem(node);
  if (wrong && node.type !== "M") problem(wrong);
  const texts = () => node.children.map((child) => {
    const inner = textProblem(child);
    if (inner) problem(inner);
    return child.text;
  });
  switch (node.type) {
    case "S": return { S: node.text };
    case "N": return { N: node.text.trim() };
    case "B": return { B: bytesOf(node.text.trim()) ?? new Uint8Array() };
    case "BOOL": return { BOOL: node.text === "true" };
    case "NULL": return { NULL: true };
    case "L": return { L: node.children.map((child) => valueOf(child, problem)) };
    case "M": return { M: itemIn(node.children, problem) };
    case "SS": return { SS: texts() };
    case "NS": return { NS: texts().map((text) => text.trim()) };
    case "BS": return { BS: texts().map((text) => bytesOf(text.trim()) ?? new Uint8Array()) };
  }
}

function itemIn(nodes: readonly Node[], problem: (text: string) => void): Item {
  const counts = countNames(nodes);
  return itemOf(
    nodes.map((node) => {
      const wrong = nameProblem(node.name, counts);
      if (wrong) problem(wrong);
      return [node.name, valueOf(node, problem)] as const;
    }),
  );
}

/** The item of a form, or how many things are wrong in it. */
export function itemOfNodes(nodes: readonly Node[]): { item?: Item; problems: number } {
  let problems = 0;
  const item = itemIn(nodes, () => problems++);
  return problems ? { problems } : { item, problems };
}
