import type { Route } from "../app/route";
import { path } from "../app/router";
import { identityPools, users } from "../text/users";

const pools = { text: users.pools.title, path: "/user-pools" };
const pool = (id = "") => ({ text: id, path: path`/user-pools/${id}` });
const tab = (id = "", tab: "users" | "groups") => ({ text: users.tabs[tab], path: `${pool(id).path}?tab=${tab}` });

export const routes: Route[] = [
  { pattern: "/user-pools", section: "/user-pools", title: () => users.pools.title, load: () => import("./pools") },
  {
    pattern: "/user-pools/:pool",
    section: "/user-pools",
    title: (given) => given.pool ?? "",
    crumbs: () => [pools],
    load: () => import("./pool"),
  },
  {
    pattern: "/user-pools/:pool/users/:user",
    section: "/user-pools",
    title: (given) => given.user ?? "",
    crumbs: (given) => [pools, pool(given.pool), tab(given.pool, "users")],
    load: () => import("./user"),
  },
  {
    pattern: "/user-pools/:pool/groups/:group",
    section: "/user-pools",
    title: (given) => given.group ?? "",
    crumbs: (given) => [pools, pool(given.pool), tab(given.pool, "groups")],
    load: () => import("./group"),
  },
  { pattern: "/identity-pools", section: "/identity-pools", title: () => identityPools.title, load: () => import("./identity_pools") },
  {
    pattern: "/identity-pools/:id",
    section: "/identity-pools",
    title: (given) => given.id ?? "",
    crumbs: () => [{ text: identityPools.title, path: "/identity-pools" }],
    load: () => import("./identity_pool"),
  },
];
