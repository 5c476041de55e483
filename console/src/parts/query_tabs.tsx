// Tabs of which the chosen one is in the address.

import Tabs, { type TabsProps } from "@cloudscape-design/components/tabs";
import { useQuery } from "../app/router";

/** Choosing another tab also takes `others` out of the address: parameters that mean something in one tab alone. */
export function QueryTabs({ tabs, others = [], label }: { tabs: TabsProps.Tab[]; others?: string[]; label: string }) {
  const [query, setQuery] = useQuery();
  const active = tabs.find(({ id }) => id === query.get("tab")) ?? tabs[0];
  const cleared = Object.fromEntries(others.map((name) => [name, undefined]));
  return (
    <Tabs
      ariaLabel={label}
      tabs={tabs}
      activeTabId={active?.id}
      onChange={({ detail }) => setQuery({ ...cleared, tab: detail.activeTabId === tabs[0]?.id ? undefined : detail.activeTabId })}
    />
  );
}
