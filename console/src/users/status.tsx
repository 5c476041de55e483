// How a user stands, in words and colours.

import type { AttributeType } from "@aws-sdk/client-cognito-identity-provider";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { users } from "../text/users";

const kinds: Record<string, StatusIndicatorProps.Type> = { CONFIRMED: "success", UNCONFIRMED: "pending", FORCE_CHANGE_PASSWORD: "warning", RESET_REQUIRED: "warning" };

export const Confirmation = ({ status = "UNKNOWN" }: { status?: string }) => <StatusIndicator type={kinds[status] ?? "info"}>{users.status[status] ?? status}</StatusIndicator>;

export const Enabled = ({ enabled }: { enabled?: boolean }) => (
  <StatusIndicator type={enabled === false ? "stopped" : "success"}>{enabled === false ? users.disabled : users.enabled}</StatusIndicator>
);

export const attributeOf = (attributes: AttributeType[] | undefined, name: string) => attributes?.find(({ Name }) => Name === name)?.Value;
