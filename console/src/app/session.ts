// Who is signed in: temporary credentials, kept for this tab alone, until they end. A secret that does not end is never
// kept: it is exchanged at once (sign_in/).

import { useSyncExternalStore } from "react";

export interface Session {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  /** Milliseconds since 1970. */
  expires: number;
  /** Whom the server says this is. */
  arn: string;
  account: string;
  /** What people call them. */
  name: string;
  region: string;
}

const key = "turntable.session";
const listeners = new Set<() => void>();
let current: Session | undefined = read();
let ended = false;
let timer: number | undefined;

function read(): Session | undefined {
  try {
    const found = JSON.parse(sessionStorage.getItem(key) ?? "null") as Session | null;
    return found && found.expires > Date.now() ? found : undefined;
  } catch {
    return undefined;
  }
}

function set(session: Session | undefined, hasEnded: boolean) {
  current = session;
  ended = hasEnded;
  if (session) sessionStorage.setItem(key, JSON.stringify(session));
  else sessionStorage.removeItem(key);
  watchEnd();
  listeners.forEach((listener) => listener());
}

function watchEnd() {
  clearTimeout(timer);
  if (current) timer = window.setTimeout(() => set(undefined, true), Math.min(current.expires - Date.now(), 2 ** 31 - 1));
}
watchEnd();

export const signedIn = (session: Session) => set(session, false);
export const signOut = () => set(undefined, false);
/** The server does not take the credentials any more. */
export const sessionEnded = () => set(undefined, true);
/** Whether the last session ended by itself. */
export const hasEnded = () => ended;
/** The session, outside of React. */
export const session = () => current;

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** The session, or undefined when no one is signed in. */
export const useSession = () => useSyncExternalStore(subscribe, () => current);
