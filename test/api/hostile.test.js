// Every operation of IAM, STS, CloudFormation, Cloud Control, identity pools and Parameter Store, with input that nobody means well with, made from the SDK's own descriptions
// of it. First in turn: each member of a wrong type, each text longer than any may be or with a character that no text has, each
// required member left out, all of which is to be refused as such. Then by chance, from a seed: several such changes at once, of
// what is there and of what is not. Each is answered, and none ends the server.
//
// TURNTABLE_TEST_HOSTILE is how many requests by chance each operation gets, TURNTABLE_TEST_SEED another seed.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as cloudformation from "@aws-sdk/client-cloudformation";
import * as cloudcontrol from "@aws-sdk/client-cloudcontrol";
import * as identity from "@aws-sdk/client-cognito-identity";
import * as iam from "@aws-sdk/client-iam";
import * as ssm from "@aws-sdk/client-ssm";
import * as sts from "@aws-sdk/client-sts";
import { listed } from "../compare/document.mjs";
import { allow, trust } from "../lib/iam.js";
import { randomNumbers } from "../lib/random.js";
import { parse, request, send, signer } from "../lib/raw.js";
import { open } from "../lib/turntable.js";

const { endpoint } = await open();
const byChance = Number(process.env.TURNTABLE_TEST_HOSTILE ?? 12);

// ---- the SDK's descriptions: [kind, namespace, name, traits, ...] ----

const STRUCTURE = 3;
const LIST = 1;
const MAP = 2;
const UNION = 4;
const called = (schema) => (typeof schema === "function" ? schema() : schema);

/** A description as { kind, members: { name: description }, element }; the first `required` members must be there. */
function describeShape(schema, depth = 0) {
  schema = called(schema);
  if (typeof schema === "number") {
    if (schema >= 128) return { kind: "map", element: describeShape(schema - 128) };
    if (schema >= 64) return { kind: "list", element: describeShape(schema - 64) };
    return { kind: { 0: "text", 1: "number", 2: "boolean", 4: "time", 21: "blob" }[schema] ?? "other" };
  }
  if (Array.isArray(schema) && typeof schema[0] === "number" && typeof schema[1] === "string") {
    const [kind, , , , first, second, required = 0] = schema;
    if (kind === 0) return describeShape(first);
    if (kind === LIST) return { kind: "list", element: describeShape(first, depth + 1) };
    if (kind === MAP) return { kind: "map", element: describeShape(second, depth + 1) };
    assert.ok(kind === STRUCTURE || kind === UNION);
    const members = depth > 8 ? {} : Object.fromEntries(first.map((name, i) => [name, describeShape(second[i], depth + 1)]));
    return { kind: "structure", members, required: kind === UNION ? [] : first.slice(0, required) };
  }
  assert.ok(Array.isArray(schema), String(schema)); // a member with traits: [description, traits]
  return describeShape(schema[0], depth);
}

// ---- what is there ----

const account = "000000000000";
const provider = "cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI";
const known = {
  UserName: "ana",
  GroupName: "people",
  RoleName: "reader",
  InstanceProfileName: "profile",
  PolicyName: "own",
  PolicyArn: `arn:aws:iam::${account}:policy/shared`,
  PermissionsBoundary: `arn:aws:iam::${account}:policy/shared`,
  PolicySourceArn: `arn:aws:iam::${account}:user/ana`,
  RoleArn: `arn:aws:iam::${account}:role/reader`,
  RoleSessionName: "me",
  OpenIDConnectProviderArn: `arn:aws:iam::${account}:oidc-provider/id.example.com`,
  ClientID: "app",
  Url: "https://id.example.com/x",
  PolicyDocument: allow("dynamodb:*"),
  Policy: allow("dynamodb:*"),
  AssumeRolePolicyDocument: trust(),
  Path: "/",
  NewPath: "/",
  PathPrefix: "/",
  VersionId: "v1",
  Status: "Active",
  AccessKeyId: "AKIA0123456789ABCDEF",
  Name: "carl",
  DurationSeconds: 900,
  MaxSessionDuration: 3600,
  MaxResults: 5,
  StackName: "stack",
  LogicalResourceId: "Table",
  ExportName: "export",
  TemplateBody: JSON.stringify({
    Parameters: { ParameterKey: { Type: "String", Default: "x" } },
    Resources: { Table: { Type: "AWS::DynamoDB::Table", Properties: { AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], KeySchema: [{ AttributeName: "id", KeyType: "HASH" }], BillingMode: "PAY_PER_REQUEST" } } },
    Outputs: { Table: { Value: { Ref: "Table" }, Export: { Name: "export" } } },
  }),
  ParameterKey: "ParameterKey",
  ParameterValue: "y",
  StackPolicyBody: JSON.stringify({ Statement: [{ Effect: "Allow", Action: "Update:*", Principal: "*", Resource: "*" }] }),
  OnFailure: "DELETE",
  Capabilities: "CAPABILITY_IAM",
  TemplateURL: "https://s3.us-east-1.amazonaws.com/bucket/key",
  IdentityPoolName: "pool",
  IdentityProviderName: provider,
  ProviderName: provider,
  ClientId: "app",
  TypeName: "AWS::SSM::Parameter",
  Identifier: "carl",
  DesiredState: '{"Name":"carl","Type":"String","Value":"x"}',
  PatchDocument: '[{"op":"replace","path":"/Value","value":"y"}]',
};

const sample = (name, shape) => {
  if (known[name] !== undefined && ["text", "number"].includes(shape.kind)) return known[name];
  switch (shape.kind) {
    case "number":
      return 1;
    case "boolean":
      return false;
    case "time":
      return 1.7e9;
    case "list":
      return [sample(name, shape.element)];
    case "map":
      return { [provider]: sample(name, shape.element) };
    case "structure":
      return Object.fromEntries(Object.entries(shape.members).map(([member, inner]) => [member, sample(member, inner)]));
    default:
      return "abcdefghijklmnopqrst";
  }
};

// ---- asking ----

/** JSON, and below forms, with one thing more: { raw } stands as it is. */
const toJson = (value) => {
  if (Array.isArray(value)) return `[${value.map(toJson)}]`;
  if (value && typeof value === "object")
    return "raw" in value ? value.raw : `{${Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}:${toJson(inner)}`)}}`;
  return JSON.stringify(value) ?? "null";
};

const toForm = (value, path, out) => {
  if (Array.isArray(value)) {
    if (value.length === 0) out.push(`${path}=`);
    value.forEach((element, i) => toForm(element, `${path}.member.${i + 1}`, out));
  } else if (value && typeof value === "object" && !("raw" in value)) {
    for (const [name, inner] of Object.entries(value)) toForm(inner, path ? `${path}.${name}` : name, out);
  } else if (value !== null && value !== undefined) {
    out.push(`${encodeURIComponent(path)}=${value.raw ?? encodeURIComponent(value)}`);
  }
  return out;
};

async function ask(service, operation, input, { signed = true } = {}) {
  const json = service.target !== undefined;
  const body = json ? toJson(input) : toForm({ Action: operation, Version: service.version, ...input }, "", []).join("&");
  const headers = { "content-type": json ? "application/x-amz-json-1.1" : "application/x-www-form-urlencoded" };
  const made = request(endpoint, { target: json ? `${service.target}.${operation}` : null, headers, body });
  const answer = await send(signed ? await signer({ service: service.name }).sign(made) : made);
  const text = answer.body.toString();
  const told = json ? parse(answer.body) : undefined;
  const code = json ? told?.__type?.split("#").at(-1) : text.match(/<Code>(\w+)<\/Code>/)?.[1];
  const about = () => `${operation} ${body.slice(0, 600)}\n  ${answer.status} ${text.slice(0, 600)}`;
  assert.ok(answer.status < 500, about());
  if (answer.status !== 200) assert.ok(code, about());
  else assert.ok(json ? text === "" || told !== undefined : text.startsWith(`<${operation}Response`), about());
  return { status: answer.status, code, about };
}

const services = [
  { name: "iam", sdk: iam, list: "src/services/iam/operations.def", version: "2010-05-08" },
  { name: "sts", sdk: sts, list: "src/services/sts/operations.def", version: "2011-06-15" },
  { name: "cognito-identity", sdk: identity, list: "src/services/cognito_identity/operations.def", target: "AWSCognitoIdentityService" },
  { name: "cloudformation", sdk: cloudformation, list: "src/services/cloudformation/operations.def", version: "2010-05-15" },
  { name: "ssm", sdk: ssm, list: "src/services/ssm/operations.def", target: "AmazonSSM" },
  { name: "cloudcontrolapi", sdk: cloudcontrol, list: "src/services/cloudcontrol/operations.def", target: "CloudApiService" },
];

/** Makes what `known` names, as far as the requests before have not left it. */
async function furnish() {
  const [Iam, , Pools] = services;
  await ask(Iam, "CreateUser", { UserName: "ana" });
  await ask(Iam, "CreateGroup", { GroupName: "people" });
  await ask(Iam, "CreateRole", { RoleName: "reader", AssumeRolePolicyDocument: trust({ AWS: account }) });
  await ask(Iam, "CreatePolicy", { PolicyName: "shared", PolicyDocument: allow("dynamodb:*") });
  await ask(Iam, "CreateInstanceProfile", { InstanceProfileName: "profile" });
  await ask(Iam, "CreateOpenIDConnectProvider", { Url: "https://id.example.com", ThumbprintList: ["0".repeat(40)] });
  await ask(Iam, "PutUserPolicy", { UserName: "ana", PolicyName: "own", PolicyDocument: allow("dynamodb:*") });
  await ask(services.find(({ name }) => name === "cloudformation"), "CreateStack", { StackName: "stack", TemplateBody: known.TemplateBody });
  const headers = { "content-type": "application/x-amz-json-1.1" };
  const made = async (operation, body, member) => {
    const about = request(endpoint, { target: `${Pools.target}.${operation}`, headers, body });
    return parse((await send(await signer({ service: Pools.name }).sign(about))).body)[member];
  };
  const pool = { IdentityPoolName: "pool", AllowUnauthenticatedIdentities: true, AllowClassicFlow: true, CognitoIdentityProviders: [{ ProviderName: provider, ClientId: "app" }] };
  known.IdentityPoolId = await made("CreateIdentityPool", pool, "IdentityPoolId");
  known.IdentityId = await made("GetId", { IdentityPoolId: known.IdentityPoolId }, "IdentityId");
  known.ResourceArn = `arn:aws:cognito-identity:us-east-1:${account}:identitypool/${known.IdentityPoolId}`;
}

// ---- in turn ----

const refusals = /^(ValidationError|ValidationException|MalformedInput|SerializationException)$/;

// Numbers of 64 bits.
const longs = ["ParameterVersion"];

/** Values that no member of that name and kind takes. */
function wrong(name, kind, json) {
  const inner = { a: { b: { c: "d" } } };
  const inForms = { text: [inner], number: ["x", "1.5", "99999999999", "9".repeat(400), inner], boolean: ["maybe", inner], list: ["x", inner], structure: ["x"] };
  if (!json) return inForms[kind] ?? [];
  const values = { text: "x", number: 7, boolean: true, list: ["x"], structure: {}, map: {} };
  const alike = [kind, ...(kind === "structure" ? ["map"] : kind === "map" ? ["structure"] : kind === "time" ? ["number"] : [])];
  const others = Object.entries(values).filter(([other]) => !alike.includes(other));
  const numbers = kind === "number" ? [{ raw: "1e999" }, { raw: "9".repeat(400) }, ...(longs.includes(name) ? [] : [{ raw: "2147483648" }])] : [];
  return [...others.map(([, value]) => value), ...numbers];
}

const long = "x".repeat(200_000);

/** Inputs that are to be refused before anything is looked up: [what, input, by what]. */
function* faults(shape, base, json) {
  for (const name of shape.required) {
    const { [name]: gone, ...rest } = base;
    yield [`without ${name}`, rest, refusals];
  }
  for (const [name, member] of Object.entries(shape.members)) {
    for (const value of wrong(name, member.kind, json)) yield [`${name} of another type`, { ...base, [name]: value }, refusals];
    if (member.kind === "text") yield [`${name} too long`, { ...base, [name]: long }, /./];
    if (member.kind === "list" && member.element.kind === "text") yield [`${name} with too long a text`, { ...base, [name]: [long] }, /./];
  }
}

// What is not looked at: of lists of what there is none of.
const unread = {
  ListDelegationRequests: ["OwnerId", "Marker", "MaxItems"],
  ListServiceSpecificCredentials: ["ServiceName", "AllUsers"],
  ListVirtualMFADevices: ["AssignmentStatus"],
};

// ---- by chance ----

const deep = (depth, json) => (json ? { raw: "[".repeat(depth) + "]".repeat(depth) } : { raw: "%5B".repeat(depth) });

/** Values that somebody may try. */
const odd = (pick, json) =>
  pick([
    () => "",
    () => null,
    () => "\0",
    () => "a\0b",
    () => "\u{10ffff}\u0301\u202e",
    () => ({ raw: json ? '"\\ud800"' : "%FF%FE" }),
    () => ({ raw: json ? '"\xff' : "%" }),
    () => "*",
    () => "../../x",
    () => "${aws:username}",
    () => "%s%n%s",
    () => "ANA",
    () => "<x>&amp;]]>",
    () => "x".repeat(pick([63, 64, 65, 128, 129, 512, 513, 2048, 2049, 6145, 131073])),
    () => `arn:aws:iam::${account}:policy/`,
    () => "arn:aws:iam::aws:policy/AdministratorAccess",
    () => "arn:aws:iam:::::::",
    () => pick([0, -1, 1, 899, 43201, 2 ** 31, 2 ** 53, -(2 ** 63), 1.5]),
    () => ({ raw: pick(["1e999", "-0", "9".repeat(500), "0x10"]) }),
    () => pick([true, false]),
    () => [],
    () => ({}),
    () => [null],
    () => ({ member: ["x"] }),
    () => ({ entry: { 1: { key: "a", value: "b" } } }),
    () => ({ "": "x", "a.b": "y" }),
    () => Array.from({ length: pick([51, 1001]) }, (_, i) => `x${i}`),
    () => Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`x${i}`, "y"])),
    () => deep(pick([17, 300]), json),
    () => pick([allow("*"), trust(), "{}", "[]", '{"Statement":' + "[".repeat(100), trust({ AWS: "*" }), trust({ Federated: "cognito-identity.amazonaws.com" }, "sts:AssumeRoleWithWebIdentity")]),
  ])();

/** The value with one place in it changed. */
function changed(value, pick, random, json) {
  if (random() < 0.4 || value === null || typeof value !== "object") return odd(pick, json);
  if (Array.isArray(value)) {
    if (value.length === 0) return odd(pick, json);
    if (random() < 0.2) return [...value, ...value];
    const place = Math.floor(random() * value.length);
    return value.map((element, i) => (i === place ? changed(element, pick, random, json) : element));
  }
  const names = Object.keys(value);
  if (names.length === 0) return odd(pick, json);
  const name = pick(names);
  if (random() < 0.1) return Object.fromEntries(Object.entries(value).filter(([other]) => other !== name));
  if (random() < 0.1) return { ...value, [pick(["Unknown", name.toLowerCase(), `${name}.x`])]: value[name] };
  return { ...value, [name]: changed(value[name], pick, random, json) };
}

describe("what is as long as a request may be", () => {
  const [Iam, Sts, Pools] = services;
  const many = (count, make) => Array.from({ length: count }, (_, i) => make(i));

  test("has no more of a kind than there may be", async () => {
    await furnish();
    const refused = async (service, operation, input, by) => {
      const { status, code, about } = await ask(service, operation, input);
      assert.ok(status !== 200 && code === by, about());
    };
    const pool = { IdentityPoolName: "pool", AllowUnauthenticatedIdentities: true };
    const arns = many(200_000, (i) => `arn:aws:iam::${account}:saml-provider/${i}`);
    await refused(Pools, "CreateIdentityPool", { ...pool, SamlProviderARNs: arns }, "InvalidParameterException");
    await refused(Pools, "CreateIdentityPool", { ...pool, OpenIdConnectProviderARNs: arns }, "InvalidParameterException");
    const providers = many(200_000, (i) => ({ ProviderName: `p${i}`, ClientId: "app" }));
    await refused(Pools, "CreateIdentityPool", { ...pool, CognitoIdentityProviders: providers }, "InvalidParameterException");
    const Tags = Object.fromEntries(many(200_000, (i) => [`k${i}`, "v"]));
    await refused(Pools, "TagResource", { ResourceArn: known.ResourceArn, Tags }, "InvalidParameterException");
    await refused(Pools, "CreateIdentityPool", { ...pool, IdentityPoolTags: Tags }, "InvalidParameterException");
    const ClientIDList = many(9000, (i) => `client${i}`);
    await refused(Iam, "CreateOpenIDConnectProvider", { Url: "https://long.example.com", ClientIDList }, "LimitExceeded");
  });

  test("is read whole, however many names it has", async () => {
    const others = Object.fromEntries(many(9990, (i) => [`${"x".repeat(1000)}${i}`, "y"]));
    assert.equal((await ask(Sts, "GetCallerIdentity", others)).status, 200);
    assert.equal((await ask(Sts, "GetCallerIdentity", { ...others, last: many(20, () => "z") })).code, "MalformedInput");
  });
});

services.forEach((service, place) => {
  const json = service.target !== undefined;
  const shapes = listed(service.list).flatMap(({ name, served, refused }) => {
    const schema = service.sdk[`${name}$`];
    const none = !schema || called(schema[4]) === "unit";
    return none ? [] : [{ name, looks: served && !refused, shape: describeShape(schema[4]) }];
  });

  describe(service.name, () => {
    test("has what the SDK has", () => assert.ok(shapes.length > 5));

    for (const { name, shape } of shapes.filter(({ looks }) => looks)) {
      test(`${name} refuses what is no input of it`, async () => {
        await furnish();
        const all = sample(name, shape);
        const base = Object.fromEntries(shape.required.map((member) => [member, all[member]]));
        for (const [what, input, by] of faults(shape, base, json)) {
          if (unread[name]?.some((member) => what.startsWith(member))) continue;
          const { status, code, about } = await ask(service, name, input);
          assert.ok(status !== 200 && by.test(code), `${what}: ${about()}`);
        }
      });
    }

    const seed = Number(process.env.TURNTABLE_TEST_SEED ?? 26) + place;
    test(`answers whatever it is asked (seed ${seed})`, async () => {
      const random = randomNumbers(seed);
      const pick = (list) => list[Math.floor(random() * list.length)];
      for (const { name, shape } of shapes) {
        await furnish();
        for (let i = 0; i < byChance; i++) {
          let input = sample(name, shape);
          for (const member of Object.keys(input)) {
            if (!shape.required.includes(member) && random() < 0.5) delete input[member];
          }
          for (let changes = Math.floor(random() * 3); changes >= 0; changes--) {
            const next = changed(input, pick, random, json);
            if (next && typeof next === "object" && !Array.isArray(next) && !("raw" in next)) input = next;
          }
          await ask(service, name, input, { signed: random() < 0.9 });
        }
      }
      assert.equal((await ask(services[1], "GetCallerIdentity", {})).status, 200);
    });
  });
});
