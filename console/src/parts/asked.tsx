// A value of its own request, within a view that goes on without it.

import Popover from "@cloudscape-design/components/popover";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { ReactNode } from "react";
import type { Answer } from "../app/asking";
import { refusal } from "../aws/errors";
import { app, errors } from "../text/app";

export function Asked<Value>({ answer, children }: { answer: Answer<Value>; children: (value: Value) => ReactNode }) {
  if (answer.value !== undefined) return <>{children(answer.value)}</>;
  if (!answer.error) return <StatusIndicator type="loading">{app.loading}</StatusIndicator>;
  const { message, denied } = refusal(answer.error);
  return (
    <Popover content={message} size="large" dismissAriaLabel={app.close}>
      <StatusIndicator type="warning">{denied ? errors.denied : errors.failed}</StatusIndicator>
    </Popover>
  );
}
