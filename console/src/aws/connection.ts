// Whether the server answers, and whether it takes the credentials still.

import { tell, untell } from "../app/notices";
import { sessionEnded } from "../app/session";
import { app } from "../text/app";
import { isLost } from "./errors";

const RETRY_MS = 1500;
const notice = "connection";
const ended = new Set(["ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId"]);
const waiting = new Set<() => void>();
let lost = false;

/** Calls back once, when a server that did not answer does so again; returns how to call it off. */
export function whenBack(callback: () => void): () => void {
  waiting.add(callback);
  return () => void waiting.delete(callback);
}

async function probe() {
  try {
    const answer = await fetch(import.meta.env.BASE_URL, { method: "HEAD", cache: "no-store" });
    if (!answer.ok) throw new Error(answer.statusText);
    lost = false;
    untell(notice);
    const callbacks = [...waiting];
    waiting.clear();
    callbacks.forEach((callback) => callback());
  } catch {
    setTimeout(probe, RETRY_MS);
  }
}

export function noticeFailure(error: unknown) {
  if (ended.has((error as Error)?.name)) return sessionEnded();
  if (!isLost(error) || lost) return;
  lost = true;
  tell({ id: notice, type: "error", loading: true, header: app.lost.header, content: app.lost.content, dismissible: false });
  setTimeout(probe, RETRY_MS);
}

/** A middleware of the AWS SDK: sees each answer, and each failure. */
export const watchAnswers = (next: (args: unknown) => Promise<unknown>) => async (args: unknown) => {
  try {
    return await next(args);
  } catch (error) {
    noticeFailure(error);
    throw error;
  }
};
