// Where one goes back to from an item: the query in which one found it.

import { path } from "../app/router";

let last: { table: string; address: string } | undefined;

export const remember = (table: string, address: string) => void (last = { table, address });
export const cameFrom = (table: string) => (last && last.table === table ? last.address : path`/items?table=${table}`);
