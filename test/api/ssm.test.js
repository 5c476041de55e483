// Parameter Store: parameters and their versions, labels and tags, hierarchies, and who may do what with them.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { SSM } from "@aws-sdk/client-ssm";
import { account, denied, deny, grant, makeUser, ungranted } from "../lib/principals.js";
import { debian, environment } from "../lib/programs.js";
import { run } from "../lib/process.js";
import { call } from "../lib/raw.js";
import { credentials, elsewhere, region, startServer, temporaryFolder } from "../lib/server.js";
import { fails, invalid, open, uniqueName } from "../lib/turntable.js";

const { endpoint } = await open();
const makeSsm = (keys = credentials, at = endpoint) => {
  const client = new SSM({ endpoint: at, region, credentials: keys, maxAttempts: 1 });
  after(() => client.destroy());
  return client;
};
const ssm = makeSsm();
const only = (answer) => (delete answer.$metadata, answer);
const names = (answer) => answer.Parameters.map(({ Name }) => Name);
const arnOf = (name) => `arn:aws:ssm:${region}:${account}:parameter${name.startsWith("/") ? "" : "/"}${name}`;
const put = (Name, Value = "one", rest = {}) => ssm.putParameter({ Name, Value, Type: "String", ...rest });
const value = async (Name, rest = {}) => (await ssm.getParameter({ Name, ...rest })).Parameter.Value;
const notFound = (request) => fails(request, "ParameterNotFound", "UnknownError");
const malformed =
  'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_';
const violation = (text) => `1 validation error detected: ${text}`;

describe("a parameter", () => {
  test("is put, got, described and deleted", async () => {
    const Name = `/${uniqueName()}/music/year`;
    const before = Date.now();
    assert.deepEqual(only(await put(Name, "1973", { Description: "when", AllowedPattern: "\\d+" })), { Tier: "Standard", Version: 1 });
    const { Parameter } = await ssm.getParameter({ Name });
    const { LastModifiedDate } = Parameter;
    assert.ok(LastModifiedDate.getTime() >= before - 1000 && LastModifiedDate.getTime() <= Date.now() + 1000);
    assert.deepEqual(Parameter, { Name, Type: "String", Value: "1973", Version: 1, LastModifiedDate, ARN: arnOf(Name), DataType: "text" });
    const described = await ssm.describeParameters({ ParameterFilters: [{ Key: "Name", Values: [Name] }] });
    assert.deepEqual(described.Parameters, [
      {
        Name,
        ARN: arnOf(Name),
        Type: "String",
        LastModifiedDate,
        LastModifiedUser: `arn:aws:iam::${account}:root`,
        Description: "when",
        AllowedPattern: "\\d+",
        Version: 1,
        Tier: "Standard",
        Policies: [],
        DataType: "text",
      },
    ]);
    assert.deepEqual(only(await ssm.deleteParameter({ Name })), {});
    await notFound(ssm.getParameter({ Name }));
    await notFound(ssm.deleteParameter({ Name }));
    await notFound(ssm.getParameterHistory({ Name }));
    assert.equal((await put(Name)).Version, 1);
  });

  test("is got by its name, its version, its label and its ARN, several in the order of their names", async () => {
    const Name = uniqueName();
    await put(Name, "one");
    await put(Name, "two", { Overwrite: true });
    await ssm.labelParameterVersion({ Name, ParameterVersion: 1, Labels: ["first"] });
    const get = async (suffix, of = Name) => {
      const { Parameter } = await ssm.getParameter({ Name: of + suffix });
      return [Parameter.Name, Parameter.Value, Parameter.Version, Parameter.Selector];
    };
    assert.deepEqual(await get(""), [Name, "two", 2, undefined]);
    assert.deepEqual(await get(":1"), [Name, "one", 1, ":1"]);
    assert.deepEqual(await get(":2"), [Name, "two", 2, ":2"]);
    assert.deepEqual(await get(":first"), [Name, "one", 1, ":first"]);
    assert.deepEqual(await get("", arnOf(Name)), [Name, "two", 2, undefined]);
    assert.deepEqual(await get(":1", arnOf(Name)), [Name, "one", 1, ":1"]);
    assert.deepEqual(await get("", ` ${Name}  `), [Name, "two", 2, undefined]);
    await put(`/${Name}/b`, "b");
    const asked = [`/${Name}/b`, "none", `${Name}:1`, `${Name}:9`, `${Name}:other`, Name, arnOf(`/${Name}/a`)];
    await put(`/${Name}/a`, "a");
    const answer = await ssm.getParameters({ Names: asked });
    assert.deepEqual(
      answer.Parameters.map((one) => [one.Name, one.Value]),
      [
        [`/${Name}/a`, "a"],
        [`/${Name}/b`, "b"],
        [Name, "one"],
        [Name, "two"],
      ],
    );
    assert.deepEqual(answer.InvalidParameters, ["none", `${Name}:9`, `${Name}:other`]);
    const again = "Verify the version and try again.";
    for (const version of [0, 3, "9223372036854775807"]) {
      await fails(ssm.getParameter({ Name: `${Name}:${version}` }), "ParameterVersionNotFound", `Systems Manager could not find version ${version} of ${Name}. ${again}`);
    }
    await fails(
      ssm.getParameter({ Name: `${Name}:other` }),
      "ParameterVersionNotFound",
      `Systems Manager could not find label other for parameter ${Name}. Verify the label and try again.`,
    );
    for (const other of ["none", "none:1", "arn:aws:ssm:us-east-1:111122223333:parameter/x", arnOf("none"), "/aws/service/none"]) await notFound(ssm.getParameter({ Name: other }));
  });

  test("is put again with Overwrite alone, and keeps what is not given", async () => {
    const Name = uniqueName();
    await put(Name, "a", { Description: "letters", AllowedPattern: "[a-z]+", Tags: [{ Key: "app", Value: "music" }] });
    await fails(put(Name, "b"), "ParameterAlreadyExists", "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.");
    assert.deepEqual(only(await ssm.putParameter({ Name, Value: "c", Overwrite: true })), { Tier: "Standard", Version: 2 });
    await fails(ssm.putParameter({ Name, Value: "1", Overwrite: true }), "ParameterPatternMismatchException", "Parameter value, cannot be validated against allowedPattern: [a-z]+");
    const { Parameters } = await ssm.getParameterHistory({ Name });
    assert.deepEqual(
      Parameters.map((one) => [one.Version, one.Value, one.Description, one.AllowedPattern, one.Labels, one.Policies, one.Type, one.Tier]),
      [
        [1, "a", "letters", "[a-z]+", [], [], "String", "Standard"],
        [2, "c", "letters", "[a-z]+", [], [], "String", "Standard"],
      ],
    );
    await put(Name, "1", { Overwrite: true, AllowedPattern: "\\d", Description: "digits" });
    assert.equal((await ssm.getParameterHistory({ Name })).Parameters[2].Description, "digits");
    assert.deepEqual((await ssm.listTagsForResource({ ResourceType: "Parameter", ResourceId: Name })).TagList, [{ Key: "app", Value: "music" }]);
    await put(Name, "1", { Overwrite: true, Type: "StringList" });
    await fails(put(Name, "1", { Overwrite: true, Type: "SecureString" }), "HierarchyTypeMismatchException", /^Parameter Store doesn't support changing a parameter type/);
    assert.equal(await value(Name), "1");
  });

  test("that is put by many at once has as many versions", async () => {
    const Name = uniqueName();
    await put(Name, "0");
    const made = await Promise.all(Array.from({ length: 20 }, (_, i) => put(Name, `${i}`, { Overwrite: true }).then(({ Version }) => Version)));
    assert.deepEqual(
      made.sort((a, b) => a - b),
      Array.from({ length: 20 }, (_, i) => i + 2),
    );
    assert.equal((await ssm.getParameterHistory({ Name })).Parameters.length, 21);
  });

  test("has no name that AWS refuses", async () => {
    for (const Name of ["a b", "a:1", "/a//b", "/a/", "/", "naïve", "/a b/c", "a\u0000"]) await invalid(put(Name), malformed);
    for (const Name of ["a b", "/a//b", "/a/"]) {
      await invalid(ssm.getParameter({ Name }), malformed);
      await invalid(ssm.deleteParameter({ Name }), malformed);
      await invalid(ssm.getParameters({ Names: ["a", Name] }), malformed);
    }
    for (const Name of ["a/b", "a/b/c"]) await invalid(put(Name), "Parameter name must be a fully qualified name.");
    for (const Name of ["aws", "AWSthing", "ssm-x", "/aws", "/SSM"]) await invalid(put(Name), 'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).');
    for (const Name of ["/aws/x", "/Aws-thing/x"]) await denied(put(Name), `No access to reserved parameter name: ${Name}.`);
    await invalid(put("/ssm/x"), malformed);
    const deep = (levels) => `/${uniqueName()}${"/x".repeat(levels - 1)}`;
    assert.equal((await put(deep(15))).Version, 1);
    await fails(put(deep(16)), "HierarchyLevelLimitExceededException", /^A hierarchy can have a maximum of 15 levels/);
    const longest = 1011 - arnOf("/").length;
    assert.equal((await put(`/${"x".repeat(longest)}`)).Version, 1);
    await invalid(put(`/${"x".repeat(longest + 1)}`), /1011 characters/);
    await ssm.deleteParameter({ Name: `/${"x".repeat(longest)}` });
    await invalid(put("x".repeat(2049)), /at 'name' failed to satisfy constraint: Member must have length less than or equal to 2048$/);
  });

  test("has a value, of a tier's size", async () => {
    const Name = uniqueName();
    await invalid(put(Name, ""), violation("Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1"));
    await put(Name, "x".repeat(4096));
    await invalid(put(Name, "x".repeat(4097), { Overwrite: true }), /^Standard tier parameters support a maximum parameter value of 4096 characters\. To create/);
    assert.deepEqual(only(await put(Name, "x".repeat(4097), { Overwrite: true, Tier: "Intelligent-Tiering" })), { Tier: "Advanced", Version: 2 });
    assert.deepEqual(only(await put(Name, "y", { Overwrite: true })), { Tier: "Advanced", Version: 3 });
    await invalid(put(Name, "y", { Overwrite: true, Tier: "Standard" }), /^This parameter uses the advanced-parameter tier\. You can't downgrade/);
    await put(Name, "x".repeat(8192), { Overwrite: true });
    await invalid(put(Name, "x".repeat(8193), { Overwrite: true }), "Advanced tier parameters support a maximum parameter value of 8192 characters.");
    assert.equal((await put(uniqueName(), "x", { Tier: "Intelligent-Tiering" })).Tier, "Standard");
    assert.equal((await put(uniqueName(), "x", { Tier: "Advanced" })).Tier, "Advanced");
    for (const nested of ["{{x}}", "a {{ssm:x}} b"]) await invalid(put(Name, nested), 'Parameter value can\'t nest another parameter. Do not use "{{}}" in the value.');
    assert.equal((await put(uniqueName(), "{{x}")).Version, 1);
  });

  test("is refused for what is not served, or not right", async () => {
    const Name = uniqueName();
    await invalid(ssm.putParameter({ Name, Value: "x" }), "A parameter type is required when you create a parameter.");
    await invalid(
      put(Name, "x", { Type: "Text", Tier: "Free" }),
      "2 validation errors detected: Value 'Text' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [SecureString, StringList, String]; " +
        "Value 'Free' at 'tier' failed to satisfy constraint: Member must satisfy enum value set: [Standard, Intelligent-Tiering, Advanced]",
    );
    await invalid(put(Name, "x", { DataType: "Text" }), "The following data type is not supported: Text (Data type names are all lowercase.)");
    await invalid(put(Name, "x", { DataType: "aws:ec2:image" }), /is not served here/);
    await invalid(put(Name, "x", { Tier: "Advanced", Policies: '[{"Type":"Expiration"}]' }), /^Policies of parameters are not served here/);
    await invalid(put(Name, "x", { KeyId: "alias/aws/ssm" }), "KeyId is required for SecureString type parameter only.");
    await fails(put(Name, "x", { Type: "SecureString", KeyId: "alias/mine" }), "InvalidKeyId", "Invalid keyId alias/mine");
    await fails(put(Name, "x", { AllowedPattern: "(" }), "InvalidAllowedPatternException", /^The request doesn't meet the regular expression requirement/);
    await fails(put(Name, "abc", { AllowedPattern: "b" }), "ParameterPatternMismatchException", "Parameter value, cannot be validated against allowedPattern: b");
    await invalid(put(Name, "x", { Overwrite: true, Tags: [{ Key: "a", Value: "b" }] }), /^Invalid request: tags and overwrite can't be used together\./);
    await notFound(ssm.getParameter({ Name }));
    const answer = await call(endpoint, { target: "AmazonSSM.PutParameter", body: { Name: 1 } }, { service: "ssm" });
    assert.match(answer.json.__type, /SerializationException$/);
  });

  test("has no more versions than a hundred, and none of them goes that has a label", async () => {
    const Name = uniqueName();
    for (let i = 0; i < 100; i++) await put(Name, `${i}`, { Overwrite: true });
    await put(Name, "100", { Overwrite: true });
    const first = await ssm.getParameterHistory({ Name });
    assert.deepEqual([first.Parameters.length, first.Parameters[0].Version], [50, 2]);
    const second = await ssm.getParameterHistory({ Name, NextToken: first.NextToken });
    assert.deepEqual([second.Parameters.length, second.Parameters[49].Version, second.NextToken], [50, 101, undefined]);
    await fails(ssm.getParameter({ Name: `${Name}:1` }), "ParameterVersionNotFound", /version 1 of/);
    await ssm.labelParameterVersion({ Name, ParameterVersion: 2, Labels: ["keep"] });
    await fails(
      put(Name, "101", { Overwrite: true }),
      "ParameterMaxVersionLimitExceeded",
      `You attempted to create a new version of ${Name} by calling the PutParameter API with the overwrite flag. Version 2, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
    );
    await ssm.labelParameterVersion({ Name, ParameterVersion: 3, Labels: ["keep"] });
    assert.equal((await put(Name, "101", { Overwrite: true })).Version, 102);
    await fails(ssm.getParameterHistory({ Name, NextToken: "?" }), "InvalidNextToken", "The specified token isn't valid.");
    await invalid(ssm.getParameterHistory({ Name, MaxResults: 51 }), violation("Value '51' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 50"));
  });
});

describe("a secret", () => {
  test("is shown to who asks for its decryption, and told by its type to everybody", async () => {
    const Name = `/${uniqueName()}/secret`;
    const Value = "sesame, open";
    await put(Name, Value, { Type: "SecureString" });
    const sealed = await value(Name);
    assert.doesNotMatch(sealed, /sesame/);
    assert.equal(await value(Name), sealed);
    assert.equal(await value(Name, { WithDecryption: true }), Value);
    const path = Name.replace("/secret", "");
    for (const [WithDecryption, wanted] of [
      [true, Value],
      [false, sealed],
    ]) {
      const answers = [
        await ssm.getParameters({ Names: [Name], WithDecryption }),
        await ssm.getParametersByPath({ Path: path, WithDecryption }),
        await ssm.getParameterHistory({ Name, WithDecryption }),
      ];
      for (const { Parameters } of answers) assert.deepEqual([Parameters[0].Type, Parameters[0].Value], ["SecureString", wanted]);
    }
    const { Parameters } = await ssm.describeParameters({ ParameterFilters: [{ Key: "KeyId", Values: ["alias/aws/ssm"] }, { Key: "Path", Values: [path] }] });
    assert.deepEqual(Parameters.map(({ Name, KeyId, Type }) => [Name, KeyId, Type]), [[Name, "alias/aws/ssm", "SecureString"]]);
    await put(Name, "other", { Type: "SecureString", Overwrite: true });
    assert.equal(await value(`${Name}:1`, { WithDecryption: true }), Value);
    await fails(put(Name, "plain", { Overwrite: true }), "HierarchyTypeMismatchException", /^Parameter Store doesn't support/);
  });

  test("is there after a restart", { skip: elsewhere }, async () => {
    const folder = temporaryFolder();
    const args = ["--data", folder];
    let server = await startServer({ args });
    const Name = "/kept/secret";
    const before = makeSsm(credentials, server.endpoint);
    await before.putParameter({ Name, Value: "sesame", Type: "SecureString", Tags: [{ Key: "a", Value: "b" }] });
    await server.stop();
    server = await startServer({ args });
    const again = makeSsm(credentials, server.endpoint);
    assert.equal((await again.getParameter({ Name, WithDecryption: true })).Parameter.Value, "sesame");
    assert.deepEqual((await again.listTagsForResource({ ResourceType: "Parameter", ResourceId: Name })).TagList, [{ Key: "a", Value: "b" }]);
    await server.stop();
  });
});

describe("a hierarchy", () => {
  const root = `/${uniqueName()}`;
  const all = ["a", "b", "deep/a", "deep/b/c", "deeper/a", "z"].map((name) => `${root}/${name}`);

  test("is told by its path, right under it or all of it", async () => {
    for (const Name of all) await put(Name, Name);
    const of = async (Path, rest) => names(await ssm.getParametersByPath({ Path, ...rest }));
    assert.deepEqual(await of(root), [all[0], all[1], all[5]]);
    assert.deepEqual(await of(`${root}/`), [all[0], all[1], all[5]]);
    assert.deepEqual(await of(root, { Recursive: true }), all);
    assert.deepEqual(await of(`${root}/deep`, { Recursive: true }), [all[2], all[3]]);
    assert.deepEqual(await of(`${root}/deep`), [all[2]]);
    assert.deepEqual(await of(`${root}/dee`, { Recursive: true }), []);
    assert.deepEqual(await of(all[0]), []);
    assert.deepEqual(await of("/none"), []);
    await put(root.slice(1));
    const pages = [];
    for (let NextToken; ; ) {
      const page = await ssm.getParametersByPath({ Path: "/", Recursive: true, NextToken });
      pages.push(...names(page));
      if (!(NextToken = page.NextToken)) break;
    }
    for (const name of [...all, root.slice(1)]) assert.ok(pages.includes(name), name);
    assert.ok((await of("/")).every((name) => !name.slice(1).includes("/")));
    for (const Path of ["a", "//", "/a//b", "/a b", "/a*"]) await invalid(ssm.getParametersByPath({ Path }), /^The parameter doesn't meet the parameter name requirements\./);
  });

  test("is told page by page", async () => {
    for (const MaxResults of [1, 2, 5, 10]) {
      const told = [];
      let NextToken;
      do {
        const page = await ssm.getParametersByPath({ Path: root, Recursive: true, MaxResults, NextToken });
        assert.ok(page.Parameters.length <= MaxResults);
        told.push(...names(page));
        NextToken = page.NextToken;
      } while (NextToken);
      assert.deepEqual(told, all);
    }
    await invalid(ssm.getParametersByPath({ Path: root, MaxResults: 11 }), violation("Value '11' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 10"));
    for (const NextToken of ["?", "", "YQ"]) await fails(ssm.getParametersByPath({ Path: root, NextToken }), "InvalidNextToken", "The specified token isn't valid.");
    // What a token names is where the page begins, and never in another hierarchy.
    for (const name of ["/", `${root}0`, "\u0000", all[5]]) {
      const page = await ssm.getParametersByPath({ Path: root, Recursive: true, NextToken: Buffer.from(name).toString("base64") });
      assert.deepEqual(names(page), name === all[5] || name === `${root}0` ? [] : all);
    }
  });

  test("is filtered", async () => {
    const of = async (...ParameterFilters) => names(await ssm.getParametersByPath({ Path: root, Recursive: true, ParameterFilters }));
    await put(all[1], "x,y", { Overwrite: true, Type: "StringList" });
    await ssm.labelParameterVersion({ Name: all[1], ParameterVersion: 1, Labels: ["old"] });
    assert.deepEqual(await of({ Key: "Type", Values: ["StringList"] }), [all[1]]);
    assert.deepEqual(await of({ Key: "Type", Option: "BeginsWith", Values: ["String"] }), all);
    const { Parameters } = await ssm.getParametersByPath({ Path: root, ParameterFilters: [{ Key: "Label", Values: ["old", "new"] }] });
    assert.deepEqual(Parameters.map(({ Name, Value, Version }) => [Name, Value, Version]), [[all[1], all[1], 1]]);
    for (const Key of ["Name", "Path", "Tier", "DataType", "tag:a"]) {
      await fails(of({ Key, Values: ["x"] }), "InvalidFilterKey", `The following filter key is not valid: ${Key}. Valid filter keys include: [Type, KeyId, Label].`);
    }
    const described = async (...ParameterFilters) => names(await ssm.describeParameters({ ParameterFilters }));
    const under = { Key: "Path", Option: "Recursive", Values: [root] };
    await ssm.addTagsToResource({ ResourceType: "Parameter", ResourceId: all[2], Tags: [{ Key: "app", Value: "music" }] });
    assert.deepEqual(await described(under), all);
    assert.deepEqual(await described({ Key: "Path", Values: [`${root}/deep`] }), [all[2]]);
    assert.deepEqual(await described({ Key: "Name", Values: [all[0], all[3]] }), [all[0], all[3]]);
    assert.deepEqual(await described({ Key: "Name", Option: "BeginsWith", Values: [`${root}/d`] }), all.slice(2, 5));
    assert.deepEqual(await described({ Key: "Name", Option: "Contains", Values: [`${root.slice(2)}/dee`] }), all.slice(2, 5));
    assert.deepEqual(await described(under, { Key: "tag:app" }), [all[2]]);
    assert.deepEqual(await described(under, { Key: "tag:app", Values: ["music"] }), [all[2]]);
    assert.deepEqual(await described(under, { Key: "tag:app", Values: ["other"] }), []);
    assert.deepEqual(await described(under, { Key: "Tier", Values: ["Standard"] }), all);
    assert.deepEqual(await described(under, { Key: "DataType", Values: ["text"] }, { Key: "Type", Values: ["StringList"] }), [all[1]]);
    assert.deepEqual(names(await ssm.describeParameters({ Filters: [{ Key: "Name", Values: [all[4]] }] })), [all[4]]);
    assert.deepEqual(names(await ssm.describeParameters({ Shared: true })), []);
    const wrong = [
      [[{ Key: "Label", Values: ["x"] }], "InvalidFilterKey", /^The following filter key is not valid: Label\./],
      [[under, under], "InvalidFilterKey", /^The following filter is duplicated in the request: Path\./],
      [[{ Key: "Path", Option: "Equals", Values: ["/x"] }], "InvalidFilterOption", "The following filter option is not valid: Equals. Valid options include: [Recursive, OneLevel]."],
      [[{ Key: "Type", Option: "Contains", Values: ["String"] }], "InvalidFilterOption", "The following filter option is not valid: Contains. Valid options include: [BeginsWith, Equals]."],
      [[{ Key: "Name" }], "InvalidFilterValue", "The following filter values are missing : null for filter key Name"],
      [[{ Key: "Type", Values: ["Text"] }], "InvalidFilterOption", "The following filter value is not valid: Text. Valid values include: [String, StringList, SecureString]."],
      [[{ Key: "Path", Values: ["/aws/x"] }], "ValidationException", /^Filters for common parameters can't be prefixed with/],
      [[{ Key: "Path", Values: ["x"] }], "ValidationException", /^The parameter doesn't meet the parameter name requirements\./],
      [[{ Key: "Colour", Values: ["x"] }], "ValidationException", /'parameterFilters\.1\.member\.key' failed to satisfy constraint: Member must satisfy regular expression pattern/],
    ];
    for (const [ParameterFilters, name, message] of wrong) await fails(ssm.describeParameters({ ParameterFilters }), name, message);
    await invalid(ssm.describeParameters({ Filters: [{ Key: "Name", Values: ["x"] }], ParameterFilters: [under] }), "You can use either Filters or ParameterFilters in a single request.");
  });

  test("is deleted, ten at a time", async () => {
    const answer = await ssm.deleteParameters({ Names: [...all, `${root}/none`] });
    assert.deepEqual(answer.DeletedParameters, all);
    assert.deepEqual(answer.InvalidParameters, [`${root}/none`]);
    assert.deepEqual(names(await ssm.getParametersByPath({ Path: root, Recursive: true })), []);
    await invalid(ssm.deleteParameters({ Names: Array(11).fill("x") }), /at 'names' failed to satisfy constraint: Member must have length less than or equal to 10$/);
    await invalid(ssm.getParameters({ Names: [] }), violation("Value '[]' at 'names' failed to satisfy constraint: Member must have length greater than or equal to 1"));
  });
});

describe("labels and tags", () => {
  test("labels are put to a version, moved and taken away", async () => {
    const Name = uniqueName();
    await put(Name, "one");
    await put(Name, "two", { Overwrite: true });
    assert.deepEqual(only(await ssm.labelParameterVersion({ Name, Labels: ["live", "1st", "aws-x", "SSM", "a b", "x.y_z-1"] })), {
      InvalidLabels: ["1st", "aws-x", "SSM", "a b"],
      ParameterVersion: 2,
    });
    assert.equal(await value(`${Name}:live`), "two");
    await ssm.labelParameterVersion({ Name, ParameterVersion: 1, Labels: ["live"] });
    assert.equal(await value(`${Name}:live`), "one");
    const labels = async () => (await ssm.getParameterHistory({ Name })).Parameters.map(({ Labels }) => Labels);
    assert.deepEqual(await labels(), [["live"], ["x.y_z-1"]]);
    assert.deepEqual(only(await ssm.unlabelParameterVersion({ Name, ParameterVersion: 1, Labels: ["live", "x.y_z-1", "none"] })), {
      InvalidLabels: ["x.y_z-1", "none"],
      RemovedLabels: ["live"],
    });
    assert.deepEqual(await labels(), [[], ["x.y_z-1"]]);
    const ten = Array.from({ length: 10 }, (_, i) => `l${i}`);
    await ssm.labelParameterVersion({ Name, ParameterVersion: 1, Labels: ten });
    await fails(
      ssm.labelParameterVersion({ Name, ParameterVersion: 1, Labels: ["more"] }),
      "ParameterVersionLabelLimitExceeded",
      "A parameter version can have maximum 10 labels.Move one or more labels to another version and try again.",
    );
    await fails(ssm.labelParameterVersion({ Name, ParameterVersion: 3, Labels: ["x"] }), "ParameterVersionNotFound", /could not find version 3 of/);
    await fails(ssm.unlabelParameterVersion({ Name, ParameterVersion: 3, Labels: ["x"] }), "ParameterVersionNotFound", /could not find version 3 of/);
    await notFound(ssm.labelParameterVersion({ Name: "none", Labels: ["x"] }));
  });

  test("tags are added, replaced, listed and removed", async () => {
    const ResourceId = uniqueName();
    const ResourceType = "Parameter";
    const tags = async () => Object.fromEntries((await ssm.listTagsForResource({ ResourceType, ResourceId })).TagList.map(({ Key, Value }) => [Key, Value]));
    await put(ResourceId, "x", { Tags: [{ Key: "a", Value: "1" }, { Key: "b", Value: "" }] });
    assert.deepEqual(await tags(), { a: "1", b: "" });
    assert.deepEqual(only(await ssm.addTagsToResource({ ResourceType, ResourceId, Tags: [{ Key: "a", Value: "2" }, { Key: "A", Value: "3" }] })), {});
    assert.deepEqual(only(await ssm.removeTagsFromResource({ ResourceType, ResourceId, TagKeys: ["b", "none"] })), {});
    assert.deepEqual(await tags(), { a: "2", A: "3" });
    const many = Array.from({ length: 49 }, (_, i) => ({ Key: `k${i}`, Value: "v" }));
    await fails(ssm.addTagsToResource({ ResourceType, ResourceId, Tags: many }), "TooManyTagsError", "UnknownError");
    assert.deepEqual(await tags(), { a: "2", A: "3" });
    await invalid(ssm.addTagsToResource({ ResourceType, ResourceId, Tags: [{ Key: "aws:x", Value: "1" }] }), /^Tag keys that begin with "aws:" are reserved/);
    await invalid(ssm.addTagsToResource({ ResourceType, ResourceId, Tags: [{ Key: "a*", Value: "1" }] }), /'tags\.1\.member\.key' failed to satisfy constraint: Member must satisfy regular expression/);
    for (const [type, id] of [
      ["Parameter", "none"],
      ["Document", ResourceId],
    ]) {
      await fails(ssm.listTagsForResource({ ResourceType: type, ResourceId: id }), "InvalidResourceId", `The resource ID "${id}" is not valid. Verify that you entered the correct ID and try again.`);
    }
  });
});

describe("who may", () => {
  test("is asked by the parameter's ARN", async () => {
    const user = await makeUser(endpoint, uniqueName());
    const theirs = makeSsm(user.credentials);
    const root = `/${uniqueName()}`;
    const [mine, other] = [`${root}/mine`, `${root}/other`];
    await put(other);
    await user.may(grant("ssm:*", arnOf(`${mine}*`)), deny("ssm:DeleteParameter", "*"));
    const make = (Name, rest) => theirs.putParameter({ Name, Value: "x", Type: "String", ...rest });
    await make(mine, { Tags: [{ Key: "owner", Value: "me" }] });
    const not = (name, action) => ungranted(user.arn, `ssm:${action}`, name === "*" ? "*" : arnOf(name));
    await denied(make(other), not(other, "PutParameter"));
    await denied(theirs.getParameter({ Name: other }), not(other, "GetParameter"));
    await denied(theirs.getParameter({ Name: `${other}:1` }), not(other, "GetParameter"));
    await denied(theirs.getParameter({ Name: arnOf(other) }), not(other, "GetParameter"));
    await denied(theirs.getParameter({ Name: `${root}/none` }), not(`${root}/none`, "GetParameter"));
    await denied(theirs.getParameters({ Names: [mine, other] }), not(other, "GetParameters"));
    await denied(theirs.getParametersByPath({ Path: root }), not(root, "GetParametersByPath"));
    await denied(theirs.describeParameters({}), not("*", "DescribeParameters"));
    await denied(theirs.addTagsToResource({ ResourceType: "Parameter", ResourceId: other, Tags: [] }), not(other, "AddTagsToResource"));
    await denied(
      theirs.deleteParameter({ Name: mine }),
      `User: ${user.arn} is not authorized to perform: ssm:DeleteParameter on resource: ${arnOf(mine)} with an explicit deny in an identity-based policy`,
    );
    assert.equal((await theirs.getParameter({ Name: mine })).Parameter.Value, "x");
    const { Parameters } = await ssm.describeParameters({ ParameterFilters: [{ Key: "Name", Values: [mine] }] });
    assert.equal(Parameters[0].LastModifiedUser, user.arn);
  });

  test("is asked with conditions", async () => {
    const user = await makeUser(endpoint, uniqueName());
    const theirs = makeSsm(user.credentials);
    const [music, film, root] = [uniqueName(), uniqueName(), `/${uniqueName()}`];
    await put(music, "m", { Tags: [{ Key: "app", Value: "music" }] });
    await put(film, "f", { Tags: [{ Key: "app", Value: "film" }] });
    await put(`${root}/x`);
    await user.may(
      grant("ssm:GetParameter", "*", { StringEquals: { "aws:ResourceTag/app": "music" } }),
      grant("ssm:GetParametersByPath", "*", { Bool: { "ssm:Recursive": "false" } }),
      grant("ssm:PutParameter", "*", { Bool: { "ssm:Overwrite": "false" }, "ForAllValues:StringEquals": { "aws:TagKeys": ["app"] } }),
      grant("ssm:AddTagsToResource", "*", { StringEquals: { "aws:RequestTag/app": "music" } }),
    );
    assert.equal((await theirs.getParameter({ Name: music })).Parameter.Value, "m");
    await denied(theirs.getParameter({ Name: film }), ungranted(user.arn, "ssm:GetParameter", arnOf(film)));
    assert.deepEqual(names(await theirs.getParametersByPath({ Path: root })), [`${root}/x`]);
    await denied(theirs.getParametersByPath({ Path: root, Recursive: true }), ungranted(user.arn, "ssm:GetParametersByPath", arnOf(root)));
    const make = (rest) => theirs.putParameter({ Name: `${root}/y`, Value: "y", Type: "String", ...rest });
    await denied(make({ Overwrite: true }), ungranted(user.arn, "ssm:PutParameter", arnOf(`${root}/y`)));
    await denied(make({ Tags: [{ Key: "app", Value: "film" }] }), ungranted(user.arn, "ssm:AddTagsToResource", arnOf(`${root}/y`)));
    assert.equal((await make({ Tags: [{ Key: "app", Value: "music" }] })).Version, 1);
  });
});

test("what is no operation of Parameter Store is refused with its reason", async () => {
  await fails(ssm.sendCommand({ DocumentName: "x" }), "UnsupportedOperationException", "SendCommand is not served here: there are no nodes to run commands on.");
});

test("the AWS CLI puts, gets, lists and deletes", async () => {
  const aws = async (...args) => {
    const { code, stdout, stderr } = await run(debian("aws"), ["ssm", ...args, "--endpoint-url", endpoint, "--output", "json"], { env: environment });
    assert.equal(code, 0, stderr);
    return stdout ? JSON.parse(stdout) : undefined;
  };
  const root = `/${uniqueName()}`;
  for (let i = 0; i < 12; i++) {
    const made = await aws("put-parameter", "--name", `${root}/${String(i).padStart(2, "0")}`, "--value", `v${i}`, "--type", "String");
    assert.deepEqual(made, { Version: 1, Tier: "Standard" });
  }
  assert.equal((await aws("get-parameter", "--name", `${root}/03`)).Parameter.Value, "v3");
  assert.equal((await aws("get-parameters-by-path", "--path", root)).Parameters.length, 12);
  assert.equal((await aws("describe-parameters", "--parameter-filters", `Key=Name,Option=BeginsWith,Values=${root}`)).Parameters.length, 12);
  await aws("delete-parameter", "--name", `${root}/03`);
  const { code, stderr } = await run(debian("aws"), ["ssm", "get-parameter", "--name", `${root}/03`, "--endpoint-url", endpoint], { env: environment });
  assert.notEqual(code, 0);
  assert.match(stderr, /\(ParameterNotFound\)/);
});
