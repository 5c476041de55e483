// The page of one table, with a tab for each side of it.

import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Tabs from "@cloudscape-design/components/tabs";
import Box from "@cloudscape-design/components/box";
import { type ComponentType, useState } from "react";
import { follow, href, navigate, path, useQuery } from "../app/router";
import { Refused } from "../parts/refused";
import { app } from "../text/app";
import { tables as said } from "../text/tables";
import { Backups } from "./backups";
import { EditCapacity } from "./capacity";
import { DeleteTables } from "./delete";
import { type TabProps, useTable } from "./describe";
import { Indexes } from "./indexes";
import { Metrics } from "./metrics";
import { Overview } from "./overview";
import { Policy } from "./policy";
import { EditClass, SwitchProtection } from "./settings";
import { Status } from "./status";
import { Streams } from "./streams";
import { Tags } from "./tags";
import { TimeToLive } from "./ttl";
import { Transfers } from "./transfers";

const tabs: Record<string, ComponentType<TabProps>> = {
  overview: Overview,
  indexes: Indexes,
  metrics: Metrics,
  backups: Backups,
  exports: Transfers,
  streams: Streams,
  ttl: TimeToLive,
  tags: Tags,
  policy: Policy,
};

type Dialog = "capacity" | "class" | "protection" | "delete";

export default function Table({ table: name }: { table: string }) {
  const answer = useTable(name);
  const [query, setQuery] = useQuery();
  const [dialog, setDialog] = useState<Dialog>();
  const table = answer.value;
  const wanted = query.get("tab") ?? "";
  const tab = Object.hasOwn(tabs, wanted) ? wanted : "overview";
  const close = () => {
    setDialog(undefined);
    answer.again();
  };
  const header = (
    <Header
      variant="h1"
      info={table && <Status of={table.TableStatus} />}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button iconName="refresh" ariaLabel={app.refresh} loading={answer.loading} onClick={answer.again} />
          <ButtonDropdown
            disabled={!table}
            items={[
              { id: "capacity", text: said.capacity.edit },
              { id: "class", text: said.tableClass.edit },
              { id: "protection", text: table?.DeletionProtectionEnabled ? said.protect.turnOff : said.protect.turnOn },
              { id: "delete", text: said.deletion.action },
            ]}
            onItemClick={({ detail }) => setDialog(detail.id as Dialog)}
          >
            {said.actions}
          </ButtonDropdown>
          <Button variant="primary" href={href(path`/items?table=${name}`)} onFollow={follow}>{said.explore}</Button>
        </SpaceBetween>
      }
    >
      {name}
    </Header>
  );
  return (
    <ContentLayout header={header}>
      <SpaceBetween size="l">
        <Refused error={answer.error} />
        {!table && answer.loading && <Box textAlign="center" padding="xxl"><Spinner size="large" /> {app.loading}</Box>}
        {table && (
          <Tabs
            ariaLabel={said.tabsLabel}
            activeTabId={tab}
            onChange={({ detail }) => setQuery({ tab: detail.activeTabId })}
            tabs={Object.entries(tabs).map(([id, Tab]) => ({
              id,
              label: said.tabs[id as keyof typeof said.tabs],
              content: id === tab && <Tab table={table} name={name} again={answer.again} />,
            }))}
          />
        )}
      </SpaceBetween>
      {table && dialog === "capacity" && <EditCapacity table={table} onClose={close} />}
      {table && dialog === "class" && <EditClass table={table} onClose={close} />}
      {table && dialog === "protection" && <SwitchProtection table={table} onClose={close} />}
      {table && dialog === "delete" && <DeleteTables tables={[table]} onClose={(deleted) => (deleted ? navigate("/tables") : close())} />}
    </ContentLayout>
  );
}
