import type { Route } from "../app/route";
import { createTable } from "../text/create_table";
import { tables } from "../text/tables";

const section = "/tables";
const crumbs = () => [{ text: tables.title, path: section }];

export const routes: Route[] = [
  { pattern: "/tables", section, title: () => tables.title, load: () => import("./list") },
  { pattern: "/tables/:table", section, title: ({ table }) => table ?? "", crumbs, load: () => import("./table") },
  // Not below /tables, where a table may have any name.
  { pattern: "/create-table", section, title: () => createTable.title, crumbs, load: () => import("./create") },
];
