// What the editor keeps in this tab, for who is signed in: the text, and which statements were run.

import { useState } from "react";

const HISTORY_LIMIT = 50;
const LONGEST = 8192; // as statements are

export interface Remembered {
  text: string;
  at: number;
  outcome: string;
}

interface Kept {
  text: string;
  history: Remembered[];
}

const key = (arn: string) => `turntable.partiql.${arn}`;

function read(arn: string): Kept {
  try {
    return { text: "", history: [], ...(JSON.parse(sessionStorage.getItem(key(arn)) ?? "{}") as Partial<Kept>) };
  } catch {
    return { text: "", history: [] };
  }
}

/** { text, setText, history, remember, forget } */
export function useKept(arn: string, first?: string) {
  const [kept, setKept] = useState<Kept>(() => ({ ...read(arn), ...(first ? { text: first } : {}) }));
  const change = (make: (last: Kept) => Kept) =>
    setKept((last) => {
      const next = make(last);
      try {
        sessionStorage.setItem(key(arn), JSON.stringify({ ...next, text: next.text.slice(0, 100_000) }));
      } catch {
        // A full store forgets what is new; the editor goes on.
      }
      return next;
    });
  return {
    ...kept,
    setText: (text: string) => change((last) => ({ ...last, text })),
    remember: (entry: Remembered) =>
      change((last) => ({ ...last, history: [{ ...entry, text: entry.text.slice(0, LONGEST) }, ...last.history].slice(0, HISTORY_LIMIT) })),
    forget: () => change((last) => ({ ...last, history: [] })),
  };
}
