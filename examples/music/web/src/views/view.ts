/** What a view is given, and what it makes. */
import type { Listener } from '../auth';

export interface Visit {
  listener: Listener;
  /** What follows the view's name in the address: the id of what is shown. */
  id: string | undefined;
  /** Shows this view anew, after something of it has changed. */
  again: () => void;
}

/** Asks the tables and resolves with what is shown below the view's heading. */
export type View = (visit: Visit) => Promise<Node[]>;

/** The address of a view. */
export const address = (view: string, id?: string): string => (id === undefined ? `#/${view}` : `#/${view}/${encodeURIComponent(id)}`);
