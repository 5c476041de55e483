import type { Route } from "../app/route";
import { dashboard } from "../text/dashboard";

export const routes: Route[] = [{ pattern: "/dashboard", section: "/dashboard", title: () => dashboard.title, load: () => import("./dashboard") }];
