// The states of stacks and of what is in them.

import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";

export const inProgress = (status = "") => status.endsWith("_IN_PROGRESS");

function kindOf(status: string): StatusIndicatorProps.Type {
  if (inProgress(status)) return "in-progress";
  if (status.startsWith("UPDATE_ROLLBACK_") && !status.includes("FAILED")) return "warning"; // as it was before
  if (/FAILED|^(UPDATE_)?ROLLBACK_/.test(status)) return "error";
  return /^DELETE_/.test(status) ? "stopped" : "success";
}

export const Status = ({ status }: { status?: string }) => (status ? <StatusIndicator type={kindOf(status)}>{status}</StatusIndicator> : null);
