// An item while it is edited: in the form, or as JSON. The one that is shown is the one that counts.

import { useDeferredValue, useMemo, useState } from "react";
import { editing as said } from "../text/items";
import { type Mark, type Notation, printItem, readItem } from "./notation";
import type { Target } from "./target";
import { type Edit, type Node, edited, itemOfNodes, newNode, nodesOf } from "./tree";
import { type Item, equal, typeOf } from "./value";

export type Look = "form" | Notation;

interface State {
  look: Look;
  nodes: readonly Node[];
  text: string;
  /** Of which types attributes of plain JSON were. */
  types: Item;
  /** Whether anyone changed it. */
  touched: boolean;
}

/** Its key's attributes first, which it may not have yet. */
function begin(item: Item, target: Target, look: Look): State {
  const names = target.key.map(({ name }) => name);
  const nodes = nodesOf(item);
  const keys = target.key.map(({ name, type }) => nodes.find((node) => node.name === name) ?? newNode(name, type));
  return { look, nodes: [...keys, ...nodes.filter(({ name }) => !names.includes(name))], text: look === "form" ? "" : printItem(item, look), types: item, touched: false };
}

/** What is wrong with the key of an item that is to be written, or undefined. */
export function keyProblem(item: Item, target: Target, was: Item | undefined): string | undefined {
  for (const { name, type } of target.key) {
    const value = Object.hasOwn(item, name) ? item[name] : undefined;
    if (!value) return said.keyMissing(name);
    if (typeOf(value) !== type) return said.keyType(name, type);
    if (value.S === "" || value.B?.length === 0) return said.keyEmpty(name);
    if (was && !equal(value, was[name])) return said.keyChanged(name);
  }
  return undefined;
}

function readState({ look, nodes, text, types }: State): { item?: Item; marks: Mark[]; problems: number } {
  if (look === "form") return { ...itemOfNodes(nodes), marks: [] };
  const found = readItem(text, look, types);
  return { ...found, problems: found.marks.length };
}

export function useDraft(initial: Item, target: Target, firstLook: Look = "form") {
  const [state, setState] = useState(() => begin(initial, target, firstLook));
  const { look, nodes, text } = state;
  // A large item takes a while to be read: typing does not wait for it.
  const later = useDeferredValue(state);
  const read = useMemo(() => readState(later), [later]);
  return {
    look,
    nodes,
    text,
    touched: state.touched,
    ...read,
    /** What was typed last was not read yet. */
    pending: later !== state,
    send: useMemo(() => (edit: Edit) => setState((last) => ({ ...last, nodes: edited(last.nodes, edit), touched: true })), []),
    type: (next: string) => setState((last) => ({ ...last, text: next, touched: true })),
    /** Shows the item in another way; not while something is wrong with it. */
    lookAs: (next: Look) => {
      const { item } = readState(state);
      if (item) setState({ ...begin(item, target, next), touched: state.touched });
    },
    set: (item: Item) => setState({ ...begin(item, target, look), touched: true }),
  };
}
export type Draft = ReturnType<typeof useDraft>;
