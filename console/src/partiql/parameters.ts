// What stands for the ? of statements.

import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { bytesOf } from "../items/base64";
import { parseJson } from "../items/json";
import { Problems, fromDynamo } from "../items/notation";
import { partiql } from "../text/partiql";

const said = partiql.parameters;

export type ParameterType = keyof typeof said.types;

export interface Parameter {
  type: ParameterType;
  text: string;
}

export const fresh: Parameter = { type: "S", text: "" };

function bytes(text: string): Uint8Array {
  const found = bytesOf(text.trim());
  if (!found) throw new Error(said.notBase64);
  return found;
}

/** The JSON of an attribute value, as DynamoDB writes it. */
function fromJson(text: string): AttributeValue {
  const problems = new Problems();
  const value = fromDynamo(parseJson(text), problems);
  const [problem] = problems.found;
  if (problem || !value) throw new Error(problem?.text ?? said.notJson);
  return value;
}

/** What the SDK sends for it. Throws with what is wrong. */
export function valueOf({ type, text }: Parameter): AttributeValue {
  switch (type) {
    case "S":
      return { S: text };
    case "N":
      return { N: text.trim() };
    case "NULL":
      return { NULL: true };
    case "B":
      return { B: bytes(text) };
    case "BOOL":
      if (!/^\s*(true|false)\s*$/i.test(text)) throw new Error(said.notBoolean);
      return { BOOL: /true/i.test(text) };
    case "JSON":
      return fromJson(text);
  }
}
