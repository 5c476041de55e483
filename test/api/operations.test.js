// Every operation that AWS's SDKs know is on the server's lists, is answered as what it is, has what differs told by parameters that
// there are, and has an API test. The operations come from the SDKs themselves, so that a new one is noticed.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import * as cloudcontrol from "@aws-sdk/client-cloudcontrol";
import * as cloudformation from "@aws-sdk/client-cloudformation";
import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as identityPools from "@aws-sdk/client-cognito-identity";
import * as userPools from "@aws-sdk/client-cognito-identity-provider";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as streams from "@aws-sdk/client-dynamodb-streams";
import * as iam from "@aws-sdk/client-iam";
import * as s3 from "@aws-sdk/client-s3";
import * as ssm from "@aws-sdk/client-ssm";
import * as sts from "@aws-sdk/client-sts";
import { differing, listed, services } from "../compare/document.mjs";
import { call, callQuery } from "../lib/raw.js";
import { credentials, elsewhere, region } from "../lib/server.js";
import { open } from "../lib/turntable.js";

const { endpoint } = await open();

const clients = {
  DynamoDB: { sdk: dynamodb, prefix: "DynamoDB_20120810" },
  "DynamoDB Streams": { sdk: streams, prefix: "DynamoDBStreams_20120810" },
  IAM: { sdk: iam, query: { service: "iam", version: "2010-05-08" } },
  CloudFormation: { sdk: cloudformation, query: { service: "cloudformation", version: "2010-05-15" } },
  "Cloud Control": { sdk: cloudcontrol, prefix: "CloudApiService", signedFor: "cloudcontrolapi" },
  "Systems Manager": { sdk: ssm, prefix: "AmazonSSM", signedFor: "ssm" },
  CloudWatch: { sdk: cloudwatch, prefix: "GraniteServiceVersion20100801", signedFor: "monitoring" },
  S3: { sdk: s3, rest: true },
  "Cognito identity pools": { sdk: identityPools, prefix: "AWSCognitoIdentityService", signedFor: "cognito-identity" },
  "Cognito user pools": { sdk: userPools, prefix: "AWSCognitoIdentityProviderService", signedFor: "cognito-idp" },
  STS: { sdk: sts, query: { service: "sts", version: "2011-06-15" } },
};

const commands = (sdk) =>
  Object.keys(sdk)
    .filter((name) => /^[A-Z]\w*Command$/.test(name))
    .map((name) => name.replace(/Command$/, ""))
    .sort();

/** The names of the members of an operation's input, as the SDK's schema has them. */
function parameters(sdk, name) {
  const input = sdk[`${name}$`][4];
  return (typeof input === "function" ? input() : input)[4];
}

// An API test sends an operation through a client's method, as a command, or by its name.
const folder = new URL("./", import.meta.url);
const texts = readdirSync(folder)
  .filter((file) => file.endsWith(".test.js") && file !== "operations.test.js")
  .map((file) => readFileSync(new URL(file, folder), "utf8"));
const isTested = (name) => {
  const method = name[0].toLowerCase() + name.slice(1);
  const sends = new RegExp(`\\.${method}\\(|\\b${name}Command\\(|["'](${name}|${method})["']`);
  return texts.some((text) => sends.test(text));
};

/** The empty input lacks what is required, if anything is; nothing else can be wrong with it. */
async function answeredAsForm(query, name, served, refused) {
  const answer = await callQuery(endpoint, { ...query, action: name });
  if (!served) {
    assert.equal(answer.code, "InvalidAction");
    assert.equal(answer.message, `${name} is not implemented by this server yet`);
    return;
  }
  const text = answer.body.toString();
  assert.equal(answer.headers["content-type"], "text/xml");
  if (answer.status === 200) assert.match(text, new RegExp(`^<${name}Response xmlns=.*</${name}Response>\\s*$`, "s"));
  else if (refused && answer.code === "UnsupportedOperation") assert.equal(answer.message, `${name} is not served here: ${refused}.`);
  else if (refused) assert.match(answer.code, /^(ValidationError|NoSuchEntity)$/, text);
  else assert.equal(answer.code, "ValidationError", text);
  assert.ok(answer.status !== 200 || !refused);
}

/**
 * The input names a bucket that there is none of, and the server says so, or that a payload is none, once it has found the operation.
 * A client of directory buckets asks elsewhere.
 */
async function answeredAsRest(sdk, name, refused) {
  const client = new sdk.S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 });
  const input = { Bucket: "no-such-bucket", Key: "k", UploadId: "0".repeat(32), PartNumber: 1, CopySource: "no-such-bucket/k", Id: "i", AnnotationName: "n", RequestRoute: "r", RequestToken: "t", RenameSource: "a" };
  if (name === "ListBuckets" || name === "ListDirectoryBuckets") delete input.Bucket;
  if (name === "CreateBucket") input.Bucket = "operations-test-bucket";
  const error = await client.send(new sdk[`${name}Command`](input)).then(() => undefined, (caught) => caught);
  client.destroy();
  if (elsewhereInS3.has(name)) return assert.ok(error || name === "ListDirectoryBuckets");
  if (refused) {
    assert.deepEqual([error?.name, error?.message], ["NotImplemented", `${name} is not served here: ${refused}.`]);
  } else if (name === "ListBuckets" || name === "CreateBucket") {
    assert.equal(error, undefined);
  } else {
    assert.match(error.name, /^(NoSuchBucket|NotFound|MalformedXML|InvalidRequest)$/, error.message);
  }
}

// These are told from others by their hosts, or are sent to them alone.
const elsewhereInS3 = new Set(["ListDirectoryBuckets", "WriteGetObjectResponse", "CreateSession"]);

for (const { name: service, list, prefix: named = "" } of services) {
  const { sdk, prefix, query, rest, signedFor } = clients[service];
  const operations = listed(list);
  const differences = differing();

  describe(service, () => {
    test("the lists have exactly the operations of the SDK", () => {
      assert.ok(commands(sdk).length >= 4);
      assert.deepEqual(operations.map(({ name }) => name).sort(), commands(sdk));
    });

    const missing = operations.filter(({ served }) => !served).map(({ name }) => name);
    test("all operations are implemented", { todo: missing.length > 0 && `not yet: ${missing.join(", ")}` }, () => {
      assert.deepEqual(missing, []);
    });

    test("parameters that are told to differ are the SDK's", () => {
      for (const { name } of operations) {
        const known = parameters(sdk, name);
        for (const parameter of Object.keys(differences[named + name]?.parameters ?? {})) assert.ok(known.includes(parameter), `${name} has no ${parameter}`);
      }
    });

    for (const { name, served, refused } of operations) {
      test(`${name} is answered${served ? "" : ", as not implemented"}`, { skip: elsewhere }, async () => {
        if (query) return answeredAsForm(query, name, served, refused);
        if (rest) return answeredAsRest(sdk, name, refused);
        const answer = await call(endpoint, { target: `${prefix}.${name}`, body: {} }, signedFor && { service: signedFor });
        if (!served) {
          assert.match(answer.json.__type, /#UnknownOperationException$/);
          assert.equal(answer.json.message, `${name} is not implemented by this server yet`);
        } else if (answer.status !== 200) {
          // The empty input lacks what is required; nothing else can be wrong with it.
          assert.equal(answer.status, 400);
          assert.match(answer.json.__type, /#(Validation|MissingRequiredParameter)Exception$|^(InvalidParameterException|UnsupportedOperation(Exception)?)$/);
          assert.ok(answer.json.message.length > 20, answer.json.message);
        }
      });

      test(`${name} has an API test`, { skip: !served ? "it is not served yet" : refused && "it is refused" }, () => {
        assert.ok(isTested(name), `no file of test/api sends ${name}`);
      });
    }
  });
}
