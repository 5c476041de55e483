import type { Route } from "../app/route";
import { copies } from "../text/copies";
import { createTable } from "../text/create_table";
import { tables } from "../text/tables";

const section = "/tables";
const crumbs = () => [{ text: tables.title, path: section }];

export const routes: Route[] = [
  { pattern: "/tables", section, title: () => tables.title, load: () => import("./list") },
  { pattern: "/tables/:table", section, title: ({ table }) => table ?? "", crumbs, load: () => import("./table") },
  { pattern: "/backups", section: "/backups", title: () => copies.backups.all, load: () => import("./all_backups") },
  { pattern: "/imports", section: "/imports", title: () => copies.transfers.imports, load: () => import("./all_imports") },
  {
    pattern: "/import-table",
    section: "/imports",
    title: () => copies.transfers.startImport,
    crumbs: () => [{ text: copies.transfers.imports, path: "/imports" }],
    load: () => import("./import"),
  },
  // Not below /tables, where a table may have any name.
  { pattern: "/create-table", section, title: () => createTable.title, crumbs, load: () => import("./create") },
];
