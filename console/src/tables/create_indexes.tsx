// The secondary indexes of a new table.

import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { createTable as said } from "../text/create_table";
import type { PartProps } from "./create_fields";
import { type IndexDraft, indexName, newIndex } from "./index_draft";
import { IndexFields } from "./index_fields";

export function NewIndexes({ draft, change, problems, local = true }: PartProps & { problems: Record<string, string | undefined>[]; local?: boolean }) {
  const { indexes } = draft;
  const add = (kind: IndexDraft["kind"]) => change({ indexes: [...indexes, newIndex(kind)] });
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={local ? said.indexesHint : said.globalHint}
          counter={indexes.length ? `(${indexes.length})` : undefined}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button formAction="none" onClick={() => add("global")}>{said.addGlobal}</Button>
              {local && (
                <Button formAction="none" disabled={!draft.sort} disabledReason={draft.sort ? undefined : said.localNeeds} onClick={() => add("local")}>{said.addLocal}</Button>
              )}
            </SpaceBetween>
          }
        >
          {said.indexes}
        </Header>
      }
    >
      <SpaceBetween size="l">
        {indexes.map((index, i) => (
          <ExpandableSection
            key={index.id}
            defaultExpanded
            headingTagOverride="h3"
            headerText={said.indexTitle(index.kind, indexName(index))}
            headerActions={
              <Button formAction="none" ariaLabel={said.removeIndex(indexName(index))} iconName="remove" onClick={() => change({ indexes: indexes.toSpliced(i, 1) })} />
            }
            variant="stacked"
          >
            <IndexFields index={index} mode={draft.mode} problems={problems[i] ?? {}} onChange={(next) => change({ indexes: indexes.with(i, next) })} />
          </ExpandableSection>
        ))}
      </SpaceBetween>
    </Container>
  );
}
