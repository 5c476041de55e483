// What a view says of itself, in the routes.ts of its folder.

import type { ComponentType } from "react";

export interface Crumb {
  text: string;
  path: string;
}

export interface Route {
  /** "/tables/:table"; parameters arrive decoded, as properties of the component. */
  pattern: string;
  /** What is highlighted in the navigation: a path of one of its links. */
  section: string;
  title: (parameters: Record<string, string>) => string;
  /** Where it hangs, from the top; without itself. */
  crumbs?: (parameters: Record<string, string>) => Crumb[];
  /** The module with the view, which is fetched when it is first shown. */
  load: () => Promise<{ default: ComponentType<never> }>;
}
