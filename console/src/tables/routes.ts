import type { Route } from "../app/route";
import { tables } from "../text/tables";

export const routes: Route[] = [{ pattern: "/tables", section: "/tables", title: () => tables.title, load: () => import("./list") }];
