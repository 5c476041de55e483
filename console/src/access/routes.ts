import type { Route } from "../app/route";
import { app } from "../text/app";
import { access, decisions, simulator } from "../text/access";

const said = app.sections;
const list = (word: "users" | "groups" | "roles" | "policies") => ({ section: `/access/${word}`, crumbs: () => [{ text: access[word].title, path: `/access/${word}` }] });
const lastPart = (arn = "") => arn.slice(arn.lastIndexOf("/") + 1);

export const routes: Route[] = [
  { pattern: "/access/users", section: "/access/users", title: () => said.users, load: () => import("./users") },
  { pattern: "/access/users/:name", ...list("users"), title: ({ name = "" }) => name, load: () => import("./user") },
  { pattern: "/access/groups", section: "/access/groups", title: () => said.groups, load: () => import("./groups") },
  { pattern: "/access/groups/:name", ...list("groups"), title: ({ name = "" }) => name, load: () => import("./group") },
  { pattern: "/access/roles", section: "/access/roles", title: () => said.roles, load: () => import("./roles") },
  { pattern: "/access/roles/:name", ...list("roles"), title: ({ name = "" }) => name, load: () => import("./role") },
  { pattern: "/access/create-role", ...list("roles"), title: () => access.roles.create, load: () => import("./create_role") },
  { pattern: "/access/policies", section: "/access/policies", title: () => said.policies, load: () => import("./policies") },
  { pattern: "/access/policies/:arn", ...list("policies"), title: ({ arn }) => lastPart(arn), load: () => import("./policy") },
  { pattern: "/access/create-policy", ...list("policies"), title: () => access.policies.create, load: () => import("./create_policy") },
  { pattern: "/access/simulator", section: "/access/simulator", title: () => simulator.title, load: () => import("./simulator") },
  { pattern: "/access/decisions", section: "/access/decisions", title: () => decisions.title, load: () => import("./decisions") },
];
