import type { Route } from "../app/route";
import { partiql } from "../text/partiql";

export const routes: Route[] = [{ pattern: "/partiql", section: "/partiql", title: () => partiql.title, load: () => import("./editor") }];
