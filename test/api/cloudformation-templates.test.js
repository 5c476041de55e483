// Templates as CloudFormation reads them: what it tells of them, and what it refuses with which words.

import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, describe, test } from "node:test";
import { run } from "../lib/process.js";
import { debian, environment } from "../lib/programs.js";
import { temporaryFolder } from "../lib/server.js";
import { makeCloudFormation, roleResource, settled, stackMaker, tableResource, template } from "../lib/stacks.js";
import { fails, open, uniqueName } from "../lib/turntable.js";

const { endpoint } = await open();
const cfn = makeCloudFormation(endpoint);
const stack = stackMaker(cfn);
const only = ({ $metadata, ...rest }) => rest;
const validate = async (TemplateBody) => only(await cfn.validateTemplate({ TemplateBody }));
const summary = async (input) => only(await cfn.getTemplateSummary(input));
const refused = (TemplateBody, message) => fails(cfn.validateTemplate({ TemplateBody }), "ValidationError", message);
const handle = { Type: "AWS::CloudFormation::WaitConditionHandle" };

describe("ValidateTemplate", () => {
  test("tells parameters, description and capabilities", async () => {
    assert.deepEqual(
      await validate(`
AWSTemplateFormatVersion: 2010-09-09
Description: a <template> & more
Parameters:
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod], Description: which}
  Count: {Type: Number, Default: 3}
  Secret: {Type: String, NoEcho: true}
Resources:
  R: {Type: AWS::IAM::Role, Properties: {RoleName: !Sub '\${Stage}-r', AssumeRolePolicyDocument: {}}}
  P: {Type: AWS::IAM::Policy, Properties: {}}
  Q: {Type: AWS::IAM::Policy, Properties: {}}
`),
      {
        Parameters: [
          { ParameterKey: "Stage", DefaultValue: "dev", NoEcho: false, Description: "which" },
          { ParameterKey: "Count", DefaultValue: "3", NoEcho: false },
          { ParameterKey: "Secret", NoEcho: true },
        ],
        Description: "a <template> & more",
        Capabilities: ["CAPABILITY_NAMED_IAM"],
        CapabilitiesReason: "The following resource(s) require capabilities: [AWS::IAM::Role, AWS::IAM::Policy]",
      },
    );
    assert.deepEqual(await validate(template({ H: handle })), { Parameters: [] });
    assert.deepEqual((await validate(template({ R: roleResource() }))).Capabilities, ["CAPABILITY_IAM"]);
  });

  test("tells the macros that a template names, and does not look into what they make", async () => {
    assert.deepEqual(await validate(template({ F: { Type: "AWS::Serverless::Function" } }, { Transform: "AWS::Serverless-2016-10-31", Globals: {} })), {
      Parameters: [],
      Capabilities: ["CAPABILITY_AUTO_EXPAND"],
      CapabilitiesReason: "The following transform(s) require capabilities: [AWS::Serverless-2016-10-31]",
      DeclaredTransforms: ["AWS::Serverless-2016-10-31"],
    });
    const loop = { "Fn::ForEach::T": ["N", ["A", "B"], { "T${N}": roleResource() }] };
    const told = await validate(template(loop, { Transform: ["AWS::LanguageExtensions"] }));
    assert.deepEqual(told.Capabilities, ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]);
    assert.deepEqual(told.DeclaredTransforms, ["AWS::LanguageExtensions"]);
  });

  test("refuses what is no template", async () => {
    for (const [text, message] of [
      ["{", "Template format error: JSON not well-formed. (line 1, column 2)"],
      ["a: b: c", "Template format error: YAML not well-formed. (line 1, column 5)"],
      ["[]", "Template format error: unsupported structure."],
      ["template.json", "Template format error: unsupported structure."],
      ["a: &x [*x]", "Template error: YAML aliases are not allowed in CloudFormation templates"],
      ['{"Resources":{"A":{"Type":"AWS::X::Y"},"A":{"Type":"AWS::X::Y"}}}', "Template format error: Duplicate key 'A'."],
      ["Resources:\n  A: {Type: 'AWS::X::Y'}\n  A: {Type: 'AWS::X::Y'}\n", "Template format error: Duplicate key 'A'. (line 3, column 3)"],
      ['{"Resources":' + '{"a":'.repeat(8000) + "1" + "}".repeat(8001), "Template format error: the template is nested too deeply."],
      ["- ".repeat(5000), /^Template format error: the template is nested too deeply\. \(line 1, column \d+\)$/],
    ])
      await refused(text, message);
  });

  test("refuses wrong templates in CloudFormation's words", async () => {
    const property = (p) => template({ A: { Type: "AWS::X::Y", Properties: { p } } });
    for (const [text, message] of [
      [template({}), "Template format error: At least one Resources member must be defined."],
      [template({ H: handle }, { Ressources: {} }), "Invalid template property or properties [Ressources]"],
      [template({ H: { Type: "AWS::DynamoDB::Tabel" } }), "Template format error: Unrecognized resource types: [AWS::DynamoDB::Tabel]"],
      [template({ "my-table": handle }), "Template format error: Resource name my-table is non alphanumeric."],
      [template({ H: { ...handle, Propertys: {} } }), "Invalid template resource property 'Propertys'"],
      [template({ H: { ...handle, DeletionPolicy: "Keep" } }), "Template error: Unrecognized DeletionPolicy Keep for resource H"],
      [template({ H: handle }, { Parameters: { P: { Type: "Text" } } }), "Template format error: Unrecognized parameter type: Text"],
      [template({ H: null }), "Template format error: [/Resources/H] 'null' values are not allowed in templates"],
      [property({ Ref: "X" }), "Template format error: Unresolved resource dependencies [X] in the Resources block of the template"],
      [property({ "Fn::GetAtt": ["X", "Arn"] }), "Template error: instance of Fn::GetAtt references undefined resource X"],
      [property({ "Fn::If": ["C", 1, 2] }), "Template error: unresolved condition dependency C in Fn::If"],
      [property({ "Fn::Upper": "a" }), /^Template error: Encountered unsupported function: Fn::Upper Supported functions are: \[Fn::Base64, /],
      [template({ A: { ...handle, DependsOn: "B" }, B: { ...handle, DependsOn: ["A"] } }), "Circular dependency between resources: [A, B]"],
      [
        template({ H: handle }, { Conditions: { C: { "Fn::Equals": [{ Ref: "H" }, "a"] } } }),
        "Template format error: Unresolved dependencies [H]. Cannot reference resources in the Conditions block of the template",
      ],
      [
        template(Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`H${i}`, handle]))),
        "Template format error: Number of resources, 501, is greater than maximum allowed, 500",
      ],
    ])
      await refused(text, message);
  });

  test("takes 51,200 bytes of text and refuses more", async () => {
    const text = template({ H: handle });
    assert.deepEqual(await validate(text + " ".repeat(51_200 - text.length)), { Parameters: [] });
    await refused(
      text + " ".repeat(51_201 - text.length),
      /^1 validation error detected: Value '.*' at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200$/s,
    );
    await fails(cfn.validateTemplate({}), "ValidationError", "Either Template URL or Template Body must be specified.");
  });

  test("is what the AWS CLI asks for", async () => {
    const folder = temporaryFolder();
    after(() => rmSync(folder, { recursive: true, force: true }));
    const aws = async (name, text) => {
      const file = path.join(folder, name);
      writeFileSync(file, text);
      return run(debian("aws"), ["cloudformation", "validate-template", "--template-body", `file://${file}`, "--endpoint-url", endpoint, "--output", "json"], { env: environment });
    };
    const right = await aws("right.yaml", "Parameters: {P: {Type: String, Default: x}}\nResources: {H: {Type: AWS::CloudFormation::WaitConditionHandle}}\n");
    assert.equal(right.code, 0, right.stderr);
    assert.deepEqual(JSON.parse(right.stdout), { Parameters: [{ ParameterKey: "P", DefaultValue: "x", NoEcho: false }] });
    const wrong = await aws("wrong.yaml", "Resources: {H: {Type: AWS::X::Y, Properties: {a: !Ref B}}}\n");
    assert.notEqual(wrong.code, 0);
    assert.match(
      wrong.stderr,
      /An error occurred \(ValidationError\) when calling the ValidateTemplate operation.*: Template format error: Unresolved resource dependencies \[B\] in the Resources block of the template/,
    );
  });
});

describe("GetTemplateSummary", () => {
  const body = JSON.stringify({
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "tables",
    Metadata: { "AWS::Amplify::Platform": { version: "1", text: '<a> & "b"' } },
    Parameters: {
      Version: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/cdk-bootstrap/hnb659fds/version" },
      Stage: { Type: "String", AllowedValues: ["dev", 1, true] },
    },
    Resources: { A: tableResource("a"), B: tableResource("b"), H: handle },
  });
  const told = {
    Parameters: [
      {
        ParameterKey: "Version",
        DefaultValue: "/cdk-bootstrap/hnb659fds/version",
        ParameterType: "AWS::SSM::Parameter::Value<String>",
        NoEcho: false,
        ParameterConstraints: {},
      },
      { ParameterKey: "Stage", ParameterType: "String", NoEcho: false, ParameterConstraints: { AllowedValues: ["dev", "1", "true"] } },
    ],
    Description: "tables",
    ResourceTypes: ["AWS::DynamoDB::Table", "AWS::CloudFormation::WaitConditionHandle"],
    Version: "2010-09-09",
    Metadata: '{"AWS::Amplify::Platform":{"version":"1","text":"<a> & \\"b\\""}}',
    ResourceIdentifierSummaries: [{ ResourceType: "AWS::DynamoDB::Table", LogicalResourceIds: ["A", "B"], ResourceIdentifiers: ["TableName"] }],
  };

  test("tells what a template has", async () => {
    assert.deepEqual(await summary({ TemplateBody: body }), told);
  });

  test("tells it of a stack's template", async () => {
    const made = await stack({ H: handle }, { more: { Metadata: { a: ["b"] }, Parameters: { P: { Type: "String" } } }, Parameters: [{ ParameterKey: "P", ParameterValue: "x" }] });
    for (const StackName of [made.StackName, made.StackId]) {
      const { Metadata, Parameters, ResourceTypes } = await summary({ StackName });
      assert.deepEqual([Metadata, ResourceTypes], ['{"a":["b"]}', [handle.Type]]);
      assert.deepEqual(Parameters, [{ ParameterKey: "P", ParameterType: "String", NoEcho: false, ParameterConstraints: {} }]);
    }
    await fails(cfn.getTemplateSummary({ StackName: "nobody" }), "ValidationError", "Stack with id nobody does not exist");
    await fails(cfn.getTemplateSummary({ StackSetName: "nobody" }), "StackSetNotFoundException", "StackSet nobody not found", 404);
    await fails(
      cfn.getTemplateSummary({ StackName: "nobody", TemplateBody: body }),
      "ValidationError",
      "Only one of StackName, StackSetName, TemplateBody or TemplateURL can be specified.",
    );
  });

  test("names types that there are not, if it is asked to", async () => {
    const TemplateBody = template({ A: { Type: "AWS::DynamoDB::Tabel" }, H: handle });
    const TemplateSummaryConfig = { TreatUnrecognizedResourceTypesAsWarnings: true };
    assert.deepEqual((await summary({ TemplateBody, TemplateSummaryConfig })).Warnings, { UnrecognizedResourceTypes: ["AWS::DynamoDB::Tabel"] });
    await fails(cfn.getTemplateSummary({ TemplateBody }), "ValidationError", "Template format error: Unrecognized resource types: [AWS::DynamoDB::Tabel]");
  });
});

describe("a stack's template", () => {
  const create = (Resources, more, rest = {}) => cfn.createStack({ StackName: uniqueName("-t"), TemplateBody: template(Resources, more), ...rest });
  const given = (values) => Object.entries(values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));

  test("is refused with the words of ValidateTemplate, and for its parameters", async () => {
    const Parameters = {
      P: { Type: "String", AllowedPattern: "[a-z]+", MaxLength: 4, ConstraintDescription: "must be small" },
      N: { Type: "Number", MinValue: 2, Default: 3 },
      S: { Type: "String", AllowedValues: ["a", "b"], Default: "a" },
    };
    for (const [values, message] of [
      [{}, "Parameters: [P] must have values"],
      [{ P: "a", X: "b", Y: "c" }, "Parameters: [X, Y] do not exist in the template"],
      [{ P: "A" }, "Parameter P failed to satisfy constraint: must be small"],
      [{ P: "a", N: "1" }, "Parameter 'N' must be a number not less than 2"],
      [{ P: "a", N: "many" }, "Parameter 'N' must be a number"],
      [{ P: "a", S: "c" }, "Parameter 'S' must be one of AllowedValues"],
    ])
      await fails(create({ H: handle }, { Parameters }, { Parameters: given(values) }), "ValidationError", message);
    await fails(create({ H: { ...handle, DependsOn: "H" } }), "ValidationError", "Circular dependency between resources: [H]");
    const Rules = { Small: { Assertions: [{ Assert: { "Fn::Contains": [["a"], { Ref: "S" }] }, AssertDescription: "S must be a" }] } };
    await fails(
      create({ H: handle }, { Parameters, Rules }, { Parameters: given({ P: "a", S: "b" }) }),
      "ValidationError",
      "Template error: Rule Small failed: S must be a",
    );
    const Mappings = { M: { a: { b: "c" } } };
    await fails(
      create({ H: { ...handle, Metadata: {} }, T: tableResource({ "Fn::FindInMap": ["M", { Ref: "S" }, "x"] }) }, { Parameters, Mappings }, { Parameters: given({ P: "a" }) }),
      "ValidationError",
      "Template error: Unable to get mapping for M::a::x",
    );
  });

  test("needs CAPABILITY_AUTO_EXPAND for macros, and is what its loops make of it", async () => {
    const prefix = uniqueName("-loop-");
    const loop = { "Fn::ForEach::Tables": ["N", { Ref: "Names" }, { "Table${N}": tableResource(`${prefix}\${N}`) }] };
    const more = {
      Transform: "AWS::LanguageExtensions",
      Parameters: { Names: { Type: "CommaDelimitedList" } },
      Outputs: { "Fn::ForEach::Out": ["N", { Ref: "Names" }, { "Name${N}": { Value: { Ref: "Table${N}" } } }], All: { Value: { "Fn::ToJsonString": [{ "Fn::Length": { Ref: "Names" } }] } } },
    };
    const Parameters = given({ Names: "A, B" });
    await fails(create(loop, more, { Parameters }), "InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_AUTO_EXPAND]");
    const made = await stack(loop, { more, Parameters, Capabilities: ["CAPABILITY_AUTO_EXPAND"] });
    assert.equal(made.StackStatus, "CREATE_COMPLETE", made.StackStatusReason);
    assert.deepEqual(made.Outputs, [
      { OutputKey: "NameA", OutputValue: `${prefix}A` },
      { OutputKey: "NameB", OutputValue: `${prefix}B` },
      { OutputKey: "All", OutputValue: "[2]" },
    ]);
    await cfn.deleteStack({ StackName: made.StackName });
    assert.equal((await settled(cfn, made.StackId)).StackStatus, "DELETE_COMPLETE");
  });

  test("gives functions, conditions and pseudo parameters their values", async () => {
    const more = {
      Parameters: { Stage: { Type: "String", Default: "prod" }, List: { Type: "CommaDelimitedList", Default: "x, y" } },
      Mappings: { Sizes: { prod: { count: "9" } } },
      Conditions: { Prod: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] }, Not: { "Fn::Not": [{ Condition: "Prod" }] } },
      Outputs: {
        Join: { Value: { "Fn::Join": ["-", [{ Ref: "Stage" }, { "Fn::Select": [1, { Ref: "List" }] }, { "Fn::FindInMap": ["Sizes", { Ref: "Stage" }, "count"] }]] } },
        Base64: { Value: { "Fn::Base64": { "Fn::Sub": "${Stage}!" } } },
        Cidr: { Value: { "Fn::Select": [1, { "Fn::Cidr": ["10.0.0.0/16", 2, 8] }] } },
        Zones: { Value: { "Fn::Join": [",", { "Fn::GetAZs": "" }] } },
        If: { Value: { "Fn::If": ["Prod", { Ref: "AWS::Region" }, { Ref: "Left" }] } },
        Never: { Value: "x", Condition: "Not" },
        Id: { Value: { Ref: "AWS::StackId" } },
      },
    };
    const made = await stack({ H: handle, Left: { ...handle, Condition: "Not" } }, { more });
    assert.equal(made.StackStatus, "CREATE_COMPLETE", made.StackStatusReason);
    assert.deepEqual(Object.fromEntries(made.Outputs.map((o) => [o.OutputKey, o.OutputValue])), {
      Join: "prod-y-9",
      Base64: "cHJvZCE=",
      Cidr: "10.0.1.0/24",
      Zones: "us-east-1a,us-east-1b,us-east-1c",
      If: "us-east-1",
      Id: made.StackId,
    });
  });
});

test("DescribeAccountLimits tells AWS's numbers", async () => {
  const { AccountLimits } = await cfn.describeAccountLimits({});
  assert.deepEqual(Object.fromEntries(AccountLimits.map(({ Name, Value }) => [Name, Value])), {
    ConcurrentResourcesLimit: 2500,
    StackLimit: 2000,
    StackOutputsLimit: 200,
  });
});
