import type { Route } from "../app/route";
import { connect } from "../text/connect";

export const routes: Route[] = [{ pattern: "/connect", section: "/connect", title: () => connect.title, load: () => import("./connect") }];
