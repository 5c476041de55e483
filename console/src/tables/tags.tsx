// The tags of a table.

import { DynamoDBClient, ListTagsOfResourceCommand, type Tag, TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-dynamodb";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TagEditor, { type TagEditorProps } from "@cloudscape-design/components/tag-editor";
import { useEffect, useState } from "react";
import { allPages, useAction, useAnswer } from "../app/asking";
import { tellDone } from "../app/notices";
import { useClient } from "../aws/clients";
import { Refused } from "../parts/refused";
import { app } from "../text/app";
import { tables } from "../text/tables";
import type { TabProps } from "./describe";

const said = tables.tagging;

type Draft = readonly TagEditorProps.Tag[];

export const MOST_TAGS = 50;

/** AWS's own tags, as those of a stack, which no one else may change. */
const isReserved = ({ Key = "" }: Tag) => Key.toLowerCase().startsWith("aws:");

const draftOf = (tags: Tag[]): Draft => tags.map(({ Key, Value }) => ({ key: Key ?? "", value: Value ?? "", existing: true }));

/** The tags that a draft adds or changes, and the keys of those that it takes away. */
function changes(before: Tag[], draft: Draft): { put: Tag[]; gone: string[] } {
  const kept = draft.filter((tag) => !tag.markedForRemoval);
  const old = new Map(before.map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
  return {
    put: kept.filter(({ key, value }) => old.get(key) !== value).map(({ key, value }) => ({ Key: key, Value: value })),
    gone: [...old.keys()].filter((key) => !kept.some((tag) => tag.key === key)),
  };
}

export function Tags({ table }: TabProps) {
  const dynamodb = useClient(DynamoDBClient);
  const ResourceArn = table.TableArn;
  const answer = useAnswer(
    (abortSignal) =>
      allPages(async (token) => {
        const page = await dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn, NextToken: token }), { abortSignal });
        return { items: page.Tags ?? [], next: page.NextToken };
      }),
    [dynamodb, ResourceArn],
  );
  const before = (answer.value ?? []).filter((tag) => !isReserved(tag));
  const reserved = (answer.value ?? []).filter(isReserved);
  const [draft, setDraft] = useState<Draft>([]);
  const [valid, setValid] = useState(true);
  useEffect(() => setDraft(draftOf(before)), [answer.value]);
  const { put, gone } = changes(before, draft);
  const action = useAction(async () => {
    if (gone.length) await dynamodb.send(new UntagResourceCommand({ ResourceArn, TagKeys: gone }));
    if (put.length) await dynamodb.send(new TagResourceCommand({ ResourceArn, Tags: put }));
    tellDone(said.done);
    answer.again();
  });
  const changed = put.length + gone.length > 0;
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={said.hint}
          counter={answer.value && `(${answer.value.length})`}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button disabled={!changed || action.busy} onClick={() => setDraft(draftOf(before))}>{app.cancel}</Button>
              <Button variant="primary" disabled={!changed || !valid} loading={action.busy} onClick={() => void action.run()}>{said.save}</Button>
            </SpaceBetween>
          }
        >
          {said.title}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <Refused error={answer.error ?? action.error} />
        <TagEditor
          tags={draft}
          tagLimit={MOST_TAGS}
          loading={answer.loading && !answer.value}
          onChange={({ detail }) => {
            setDraft(detail.tags);
            setValid(detail.valid);
          }}
        />
        {reserved.length > 0 && (
          <ExpandableSection headerText={said.reserved(reserved.length)}>
            <KeyValuePairs columns={2} items={reserved.map(({ Key, Value }) => ({ label: Key, value: Value }))} />
          </ExpandableSection>
        )}
      </SpaceBetween>
    </Container>
  );
}
