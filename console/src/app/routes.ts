// Every view, from the folders that have them, and the navigation.

import { routes as access } from "../access/routes";
import { routes as connect } from "../connect/routes";
import { routes as dashboard } from "../dashboard/routes";
import { routes as items } from "../items/routes";
import { routes as partiql } from "../partiql/routes";
import { routes as stacks } from "../stacks/routes";
import { routes as tables } from "../tables/routes";
import { routes as users } from "../users/routes";
import { app } from "../text/app";
import type { Route } from "./route";

const said = app.sections;

export const routes: Route[] = [...tables, ...items, ...partiql, ...access, ...users, ...stacks, ...connect, ...dashboard];

/** The navigation, in the order in which it is shown. */
export const navigation = [
  { text: said.dashboard, path: "/dashboard" },
  {
    text: said.dynamodb,
    items: [
      { text: said.tables, path: "/tables" },
      { text: said.items, path: "/items" },
      { text: said.partiql, path: "/partiql" },
      { text: said.backups, path: "/backups" },
      { text: said.imports, path: "/imports" },
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
