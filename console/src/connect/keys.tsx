// Where keys come from; and the session's own, for who asks to see them.

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import type { Session } from "../app/session";
import { connect } from "../text/connect";
import { Example, ForShells } from "./example";
import { type Place, environment, sessionVariables } from "./snippets";

const said = connect.credentials;

export function Keys({ session, place }: { session: Session; place: Place }) {
  const [shown, setShown] = useState(false);
  return (
    <Container header={<Header variant="h2" description={said.hint}>{said.header}</Header>}>
      <SpaceBetween size="m">
        <div>
          <Box>{said.root}</Box>
          <Box variant="code">{environment("sh", place)}</Box>
        </div>
        <Box>{said.user}</Box>
        <Box>{said.people}</Box>
        <Box>{said.own}</Box>
        <Button ariaExpanded={shown} onClick={() => setShown(!shown)}>{shown ? said.hide : said.show}</Button>
        {shown && (
          <ForShells>
            {(shell) => (
              <SpaceBetween size="m">
                <Box>{said.ends(new Date(session.expires).toLocaleTimeString())}</Box>
                <Example title={said.label} code={sessionVariables(shell, place, session)} />
              </SpaceBetween>
            )}
          </ForShells>
        )}
      </SpaceBetween>
    </Container>
  );
}
