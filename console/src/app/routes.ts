// Every view: its path, what it is called, and the module that has it, which is fetched when it is first shown. A view is a
// component that gets the parameters of its path as properties.

import type { ComponentType } from "react";
import { app } from "../text/app";

export interface Crumb {
  text: string;
  path: string;
}

export interface Route {
  /** "/tables/:table"; parameters arrive decoded. */
  pattern: string;
  /** What is highlighted in the navigation: a path of one of its links. */
  section: string;
  title: (parameters: Record<string, string>) => string;
  /** Where it hangs, from the top; without itself. */
  crumbs?: (parameters: Record<string, string>) => Crumb[];
  load: () => Promise<{ default: ComponentType<never> }>;
}

const said = app.sections;

export const routes: Route[] = [
  { pattern: "/tables", section: "/tables", title: () => said.tables, load: () => import("../tables/list") },
];

/** The navigation, in the order in which it is shown. */
export const navigation = [
  { text: said.dashboard, path: "/dashboard" },
  {
    text: said.dynamodb,
    items: [
      { text: said.tables, path: "/tables" },
      { text: said.items, path: "/items" },
      { text: said.partiql, path: "/partiql" },
    ],
  },
  {
    text: said.access,
    items: [
      { text: said.users, path: "/access/users" },
      { text: said.groups, path: "/access/groups" },
      { text: said.roles, path: "/access/roles" },
      { text: said.policies, path: "/access/policies" },
      { text: said.simulator, path: "/access/simulator" },
      { text: said.decisions, path: "/access/decisions" },
    ],
  },
  {
    text: said.signIn,
    items: [
      { text: said.pools, path: "/user-pools" },
      { text: said.identityPools, path: "/identity-pools" },
    ],
  },
  { text: said.deployments, items: [{ text: said.stacks, path: "/stacks" }] },
  { text: said.connect, path: "/connect" },
];
