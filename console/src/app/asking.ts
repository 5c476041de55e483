// Answers of the server as state of a view.

import { type DependencyList, useCallback, useEffect, useRef, useState } from "react";
import { whenBack } from "../aws/connection";
import { isAborted, isLost } from "../aws/errors";

export interface Answer<Value> {
  /** The last answer; it stays while it is asked for again, and when that fails. */
  value: Value | undefined;
  error: unknown;
  loading: boolean;
  again: () => void;
}

interface State<Value> {
  value?: Value;
  error?: unknown;
  loading: boolean;
}

/**
 * Asks when the view is shown and whenever `on` changes; an answer that came too late is dropped, and a lost connection is
 * asked again when it is back. `every` asks again after so many milliseconds while it gives some: it may depend on the answer.
 */
export function useAnswer<Value>(
  ask: (signal: AbortSignal) => Promise<Value>,
  on: DependencyList,
  { every }: { every?: number | ((value: Value) => number | undefined) } = {},
): Answer<Value> {
  const [state, setState] = useState<State<Value>>({ loading: true });
  const [round, setRound] = useState(0);
  const shown = useRef(on);
  const again = useCallback(() => setRound((last) => last + 1), []);

  useEffect(() => {
    const control = new AbortController();
    let timer: number | undefined, callOff: (() => void) | undefined;
    const same = shown.current.length === on.length && shown.current.every((value, i) => Object.is(value, on[i]));
    shown.current = on;
    setState((last) => (same ? { ...last, loading: true } : { loading: true }));
    ask(control.signal).then(
      (value) => {
        if (control.signal.aborted) return;
        setState({ value, loading: false });
        const wait = typeof every === "function" ? every(value) : every;
        if (wait !== undefined) timer = window.setTimeout(again, wait);
      },
      (error: unknown) => {
        if (control.signal.aborted || isAborted(error)) return;
        setState((last) => ({ value: last.value, error, loading: false }));
        if (isLost(error)) callOff = whenBack(again);
      },
    );
    return () => {
      control.abort();
      clearTimeout(timer);
      callOff?.();
    };
    // `ask` and `every` are new functions at each rendering: what they depend on is in `on`.
  }, [...on, round]);

  return { value: state.value, error: state.error, loading: state.loading, again };
}

/** Something that a person starts: { run, busy, error, clear }. run resolves with undefined when it failed, and error has it. */
export function useAction<Arguments extends unknown[], Result>(act: (...given: Arguments) => Promise<Result>) {
  const [state, setState] = useState<{ busy: boolean; error?: unknown }>({ busy: false });
  const run = async (...given: Arguments): Promise<Result | undefined> => {
    setState({ busy: true });
    try {
      const result = await act(...given);
      setState({ busy: false });
      return result;
    } catch (error) {
      setState({ busy: false, error });
      return undefined;
    }
  };
  return { run, busy: state.busy, error: state.error, clear: () => setState({ busy: false }) };
}

/** All pages of a list, up to a limit: ask(token) gives { items, next }. */
export async function allPages<Item>(ask: (token: string | undefined) => Promise<{ items: Item[]; next?: string }>, limit = 10_000): Promise<Item[]> {
  const all: Item[] = [];
  let token: string | undefined;
  do {
    const { items, next } = await ask(token);
    all.push(...items);
    token = next;
  } while (token && all.length < limit);
  return all;
}
