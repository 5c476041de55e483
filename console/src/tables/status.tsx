import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { app } from "../text/app";
import { tables as said } from "../text/tables";

const looks: Record<string, StatusIndicatorProps.Type> = {
  ACTIVE: "success",
  AVAILABLE: "success",
  COMPLETED: "success",
  ENABLED: "success",
  CREATING: "in-progress",
  UPDATING: "in-progress",
  DELETING: "in-progress",
  ARCHIVING: "in-progress",
  ENABLING: "in-progress",
  DISABLING: "in-progress",
  IN_PROGRESS: "in-progress",
  CANCELLING: "in-progress",
  ARCHIVED: "stopped",
  DISABLED: "stopped",
  CANCELLED: "stopped",
  DELETED: "stopped",
  FAILED: "error",
  INACCESSIBLE_ENCRYPTION_CREDENTIALS: "error",
};

/** A status as the server names it, of a table, an index, a backup, an export. */
export function Status({ of, backfilling }: { of: string | undefined; backfilling?: boolean }) {
  if (!of) return <>{app.none}</>;
  const text = backfilling ? said.status.BACKFILLING : (said.status[of] ?? of);
  return <StatusIndicator type={looks[of] ?? "info"}>{text}</StatusIndicator>;
}

/** On or off. */
export const Switched = ({ on }: { on: boolean | undefined }) => <StatusIndicator type={on ? "success" : "stopped"}>{on ? said.on : said.off}</StatusIndicator>;
