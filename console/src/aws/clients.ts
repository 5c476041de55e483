// Clients of the AWS SDK that ask the server that the console came from, with the credentials of who is signed in. A view
// names the client that it needs, so that it is fetched with the view: const dynamodb = useClient(DynamoDBClient).

import { useMemo } from "react";
import { type Session, useSession } from "../app/session";
import { watchAnswers } from "./connection";

export interface Settings {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  maxAttempts: number;
}

type Middlewares = { add(middleware: never, options: never): void };
interface AnyClient {
  middlewareStack: unknown;
  destroy(): void;
}

export const endpoint = location.origin;

/** What clients need to know. Attempts beyond the first are few: a person waits, and may ask again. */
export const settings = (credentials: Settings["credentials"], region: string): Settings => ({ endpoint, region, credentials, maxAttempts: 2 });

const made = new WeakMap<Session, Map<unknown, AnyClient>>();

/** The one client of its kind for a session. */
export function clientFor<Client extends AnyClient>(session: Session, Kind: new (settings: Settings) => Client): Client {
  const clients = made.get(session) ?? new Map<unknown, AnyClient>();
  made.set(session, clients);
  let client = clients.get(Kind) as Client | undefined;
  if (!client) {
    client = new Kind(settings(session, session.region));
    (client.middlewareStack as Middlewares).add(watchAnswers as never, { step: "initialize", name: "watchAnswers" } as never);
    clients.set(Kind, client);
  }
  return client;
}

/** The same for who is signed in. Views are shown only to someone who is. */
export function useClient<Client extends AnyClient>(Kind: new (settings: Settings) => Client): Client {
  const session = useSession();
  return useMemo(() => {
    if (!session) throw new Error("no one is signed in");
    return clientFor(session, Kind);
  }, [session, Kind]);
}
