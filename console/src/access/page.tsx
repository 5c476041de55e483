// The page of one user, group, role or policy: its name, what it is in short, and its tabs.

import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs, { type KeyValuePairsProps } from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { TabsProps } from "@cloudscape-design/components/tabs";
import { type ReactNode, useState } from "react";
import { tellDone } from "../app/notices";
import { navigate } from "../app/router";
import { Copyable } from "../parts/copyable";
import { Deletion } from "../parts/deletion";
import { QueryTabs } from "../parts/query_tabs";
import { Refused } from "../parts/refused";
import { access } from "../text/access";
import { app } from "../text/app";

export const Arn = ({ arn }: { arn: string | undefined }) => (arn ? <Copyable text={arn} label={access.arn} /> : app.none);

export function Page({ name, error, summary, tabs, actions, deletion }: {
  name: string;
  error: unknown;
  summary: KeyValuePairsProps["items"];
  tabs: TabsProps.Tab[];
  actions?: ReactNode;
  /** How it is deleted, and where one is then; undefined if it cannot be. */
  deletion?: { what: string; means: string; act: () => Promise<unknown>; back: string };
}) {
  const [deleting, setDeleting] = useState(false);
  const close = (deleted: boolean) => {
    setDeleting(false);
    if (!deleted || !deletion) return;
    tellDone(access.deleted(deletion.what));
    navigate(deletion.back);
  };
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {actions}
              {deletion && <Button onClick={() => setDeleting(true)}>{access.delete}</Button>}
            </SpaceBetween>
          }
        >
          {name}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Refused error={error} />
        <Container header={<Header variant="h2">{access.summary}</Header>}>
          <KeyValuePairs columns={2} items={summary} />
        </Container>
        <QueryTabs label={name} tabs={tabs} />
      </SpaceBetween>
      {deleting && deletion && (
        <Deletion what={deletion.what} act={deletion.act} onClose={close}>
          {deletion.means}
        </Deletion>
      )}
    </ContentLayout>
  );
}
