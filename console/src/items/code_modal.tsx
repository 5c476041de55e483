// The query as a program, to copy.

import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { session } from "../app/session";
import { endpoint } from "../aws/clients";
import { Preformatted } from "../parts/preformatted";
import { app } from "../text/app";
import { coding as said } from "../text/items";
import { codeOf, languages } from "./code";
import type { Input } from "./expression";

export function CodeOfQuery({ mode, input, onClose }: { mode: "scan" | "query"; input: Input; onClose: () => void }) {
  const place = { endpoint, region: session()?.region ?? "us-east-1" };
  return (
    <Modal visible size="large" header={said.header} closeAriaLabel={app.close} onDismiss={onClose}>
      <Tabs
        ariaLabel={said.header}
        tabs={languages.map((id) => {
          const code = codeOf(id, mode, input, place);
          return {
            id,
            label: said.languages[id],
            content: (
              <SpaceBetween size="s">
                <Preformatted label={said.languages[id]}>{code}</Preformatted>
                <SpaceBetween direction="horizontal" size="s" alignItems="center">
                  <CopyToClipboard copyButtonText={app.copy} copySuccessText={app.copied} copyErrorText={app.copyFailed} textToCopy={code} />
                  <Box color="text-body-secondary" fontSize="body-s">{said.hint}</Box>
                </SpaceBetween>
              </SpaceBetween>
            ),
          };
        })}
      />
    </Modal>
  );
}
