// A role by its ARN, with the way to its view.

import { path } from "../app/router";
import { Link } from "../parts/link";
import { app } from "../text/app";

export function RoleLink({ arn }: { arn?: string }) {
  if (!arn) return app.none;
  const name = /^arn:aws:iam::\d*:role\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
  return name ? <Link to={path`/access/roles/${name}`}>{name}</Link> : arn;
}
