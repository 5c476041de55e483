// Where something was refused: the server's words, and for a denial the way that it was decided.

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { session } from "../app/session";
import { refusal } from "../aws/errors";
import { explainDenial } from "../aws/turntable";
import { errors } from "../text/app";
import { Preformatted } from "./preformatted";

/** What went wrong, or nothing if nothing did. */
export function Refused({ error, onDismiss }: { error: unknown; onDismiss?: () => void }) {
  const [why, setWhy] = useState<{ of?: string; text?: string; busy?: boolean }>({});
  if (!error) return null;
  const { name, message, requestId, denied, lost } = refusal(error);
  if (lost) return null; // the notice at the top says so
  const explain = async () => {
    const current = session();
    if (!current || !requestId) return;
    setWhy({ of: requestId, busy: true });
    const text = await explainDenial(current, requestId).catch(() => errors.noExplanation);
    setWhy({ of: requestId, text });
  };
  const shown = why.of === requestId ? why : {};
  return (
    <Alert
      type={denied ? "warning" : "error"}
      header={denied ? errors.denied : errors.failed}
      dismissible={onDismiss !== undefined}
      onDismiss={onDismiss}
      action={denied && requestId && !shown.text ? <Button loading={shown.busy} loadingText={errors.explaining} onClick={explain}>{errors.why}</Button> : undefined}
    >
      <SpaceBetween size="xs">
        <Box variant="span">
          <Box variant="code">{name}</Box> {message}
        </Box>
        {shown.text && <Preformatted label={errors.statementOf}>{shown.text}</Preformatted>}
        {requestId && (
          <Box color="text-status-inactive" fontSize="body-s">
            {errors.requestId}: {requestId}
          </Box>
        )}
      </SpaceBetween>
    </Alert>
  );
}
