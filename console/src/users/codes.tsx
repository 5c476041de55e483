// Codes and temporary passwords that wait for a user, where AWS would have mailed them.

import { useAnswer } from "../app/asking";
import { useSession } from "../app/session";
import { path } from "../app/router";
import { askJson } from "../aws/turntable";
import { Copyable } from "../parts/copyable";
import { Link } from "../parts/link";
import { ResourceTable } from "../parts/resource_table";
import { timeText } from "../parts/words";
import { app } from "../text/app";
import { users } from "../text/users";

const said = users.codes;
const AGAIN_MS = 5000;
const PAGES = 20; // of all users of a pool; those of one user are always told

interface Answer {
  Users: { Username: string; Codes: { Code: string; Purpose: string; Destination: string; Expires: number }[] }[];
  NextToken?: string;
}

interface Waiting {
  user: string;
  code: string;
  purpose: string;
  destination: string;
  /** Milliseconds since 1970. */
  expires: number;
}

/** Of the pool, or of one user. They are asked for again when `round` changes, and now and then while they are few. */
export function Codes({ pool, user, round = 0 }: { pool: string; user?: string; round?: number }) {
  const session = useSession();
  const answer = useAnswer(
    async () => {
      const all: Waiting[] = [];
      let token: string | undefined, pages = 0;
      do {
        if (!session) break;
        const page: Answer = await askJson<Answer>(session, "cognito-idp", "Turntable.ListUserCodes", { UserPoolId: pool, Username: user, NextToken: token });
        for (const { Username, Codes: codes } of page.Users) {
          all.push(...codes.map((code) => ({ user: Username, code: code.Code, purpose: code.Purpose, destination: code.Destination, expires: code.Expires * 1000 })));
        }
        token = page.NextToken;
      } while (token && ++pages < PAGES);
      return Object.assign(all, { short: pages === 0 });
    },
    [session, pool, user, round],
    { every: ({ short }) => (short ? AGAIN_MS : undefined) },
  );
  return (
    <ResourceTable
      id="user-codes"
      variant="container"
      title={said.title}
      description={said.hint}
      answer={answer}
      nameOf={(code) => `${code.user} ${code.purpose} ${code.code}`}
      placeholder={said.find}
      empty={said.empty}
      columns={[
        ...(user === undefined
          ? [{ id: "user", header: said.user, value: (code: Waiting) => code.user, cell: (code: Waiting) => <Link to={path`/user-pools/${pool}/users/${code.user}`}>{code.user}</Link> }]
          : []),
        { id: "code", header: said.code, value: (code) => code.code, cell: (code) => <Copyable text={code.code} label={code.purpose} /> },
        { id: "purpose", header: said.purpose, value: (code) => code.purpose, cell: (code) => code.purpose },
        { id: "destination", header: said.destination, value: (code) => code.destination, cell: (code) => code.destination || app.none },
        { id: "expires", header: said.expires, value: (code) => code.expires, cell: (code) => timeText(code.expires) },
      ]}
    />
  );
}
