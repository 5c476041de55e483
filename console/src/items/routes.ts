import type { Route } from "../app/route";
import { editing, files, items } from "../text/items";

const section = "/items";
const crumbs = () => [{ text: items.title, path: section }];

export const routes: Route[] = [
  { pattern: "/items", section, title: () => items.title, load: () => import("./explore") },
  { pattern: "/items/edit", section, title: () => editing.editTitle, crumbs, load: () => import("./edit") },
  { pattern: "/items/create", section, title: () => editing.createTitle, crumbs, load: () => import("./create") },
  { pattern: "/items/import", section, title: () => files.name, crumbs, load: () => import("./import") },
];
