// What went wrong, in the server's words.

export interface Refusal {
  name: string;
  message: string;
  requestId?: string;
  /** IAM said no: the server can explain it. */
  denied: boolean;
  lost: boolean;
}

const denials = new Set(["AccessDeniedException", "AccessDenied", "UnauthorizedOperation"]);

/** The request did not reach the server, or its answer did not reach us. */
export const isLost = (error: unknown) => {
  const { name, message } = (error ?? {}) as Error;
  return (name === "TypeError" && /fetch|network|load failed/i.test(message)) || name === "NetworkError" || name === "TimeoutError";
};

/** Someone changed their mind, and what was asked does not matter any more. */
export const isAborted = (error: unknown) => (error as Error)?.name === "AbortError";

export function refusal(error: unknown): Refusal {
  const found = (error ?? {}) as Error & { Message?: string; $metadata?: { requestId?: string } };
  const name = found.name || "Error";
  return {
    name,
    message: found.message || found.Message || String(error),
    requestId: found.$metadata?.requestId,
    denied: denials.has(name),
    lost: isLost(error),
  };
}
