// Domains of user pools: kept, told, one pool's only, and made by stacks. There is no page behind them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { makeUsers } from "../lib/users.js";
import { elsewhere } from "../lib/server.js";
import { makeCloudFormation, settled, stackMaker } from "../lib/stacks.js";
import { fails, open } from "../lib/turntable.js";

const skip = elsewhere && "there are no user pools";
const { endpoint } = await open();
const { idp, makePool } = makeUsers(endpoint);
const invalid = (promise, message) => fails(promise, "InvalidParameterException", message);
const described = async (Domain) => (await idp.describeUserPoolDomain({ Domain })).DomainDescription;
const Domain = `music-${process.pid}`;

test("a domain is its pool's until it is deleted", { skip }, async () => {
  const { UserPoolId } = await makePool();
  const { UserPoolId: other } = await makePool();
  assert.deepEqual(await described(Domain), {});
  assert.equal((await idp.createUserPoolDomain({ UserPoolId, Domain })).ManagedLoginVersion, 1);
  assert.deepEqual(await described(Domain), { UserPoolId, AWSAccountId: "000000000000", Domain, Status: "ACTIVE", ManagedLoginVersion: 1 });
  assert.equal((await idp.describeUserPool({ UserPoolId })).UserPool.Domain, Domain);
  await invalid(idp.createUserPoolDomain({ UserPoolId: other, Domain }), "Domain already associated with another user pool.");
  await invalid(idp.createUserPoolDomain({ UserPoolId, Domain: `${Domain}-2` }), /already has a domain/);
  await invalid(idp.deleteUserPoolDomain({ UserPoolId: other, Domain }), "No such domain or user pool exists.");
  await invalid(idp.updateUserPoolDomain({ UserPoolId: other, Domain, ManagedLoginVersion: 2 }), "No such domain or user pool exists.");
  await idp.updateUserPool({ UserPoolId, AutoVerifiedAttributes: ["email"] });
  await idp.updateUserPoolDomain({ UserPoolId, Domain, ManagedLoginVersion: 2 });
  assert.equal((await described(Domain)).ManagedLoginVersion, 2);
  await invalid(idp.deleteUserPool({ UserPoolId }), "User pool cannot be deleted. It has a domain configured that should be deleted first.");
  await idp.deleteUserPoolDomain({ UserPoolId, Domain });
  assert.deepEqual(await described(Domain), {});
  assert.equal((await idp.describeUserPool({ UserPoolId })).UserPool.Domain, undefined);
  await idp.createUserPoolDomain({ UserPoolId: other, Domain });
  await idp.deleteUserPoolDomain({ UserPoolId: other, Domain });
  await idp.deleteUserPool({ UserPoolId });
});

test("domains that are none are refused", { skip }, async () => {
  const { UserPoolId } = await makePool();
  for (const bad of ["A", "-a", "a-", "a.b", "a".repeat(64), "ü"]) await invalid(idp.createUserPoolDomain({ UserPoolId, Domain: bad }), /'domain' failed to satisfy constraint/);
  for (const word of ["aws", "amazon", "cognito"]) await invalid(idp.createUserPoolDomain({ UserPoolId, Domain: `my${word}` }), `Domain cannot contain reserved word: ${word}`);
  await invalid(idp.createUserPoolDomain({ UserPoolId, Domain, ManagedLoginVersion: 3 }), /ManagedLoginVersion/);
  await invalid(idp.createUserPoolDomain({ UserPoolId, Domain, CustomDomainConfig: { CertificateArn: "arn:aws:acm:us-east-1:000000000000:certificate/a" } }), /CustomDomainConfig/);
  await fails(idp.createUserPoolDomain({ UserPoolId: "us-east-1_Nothing00", Domain }), "ResourceNotFoundException", "User pool us-east-1_Nothing00 does not exist.");
  assert.deepEqual(await described(Domain), {});
});

test("stacks make, change and delete them", { skip }, async () => {
  const cfn = makeCloudFormation(endpoint);
  const resources = (Domain, more) => ({
    Pool: { Type: "AWS::Cognito::UserPool", Properties: {} },
    Domain: { Type: "AWS::Cognito::UserPoolDomain", Properties: { Domain, UserPoolId: { Ref: "Pool" }, ...more } },
  });
  const made = await stackMaker(cfn)(resources(Domain), { more: { Outputs: { Pool: { Value: { Ref: "Pool" } }, Domain: { Value: { Ref: "Domain" } } } } });
  assert.equal(made.StackStatus, "CREATE_COMPLETE");
  const outputs = Object.fromEntries(made.Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  assert.equal(outputs.Domain, Domain);
  assert.equal((await described(Domain)).UserPoolId, outputs.Pool);
  await cfn.updateStack({ StackName: made.StackId, TemplateBody: JSON.stringify({ Resources: resources(Domain, { ManagedLoginVersion: 2 }) }) });
  assert.equal((await settled(cfn, made.StackId)).StackStatus, "UPDATE_COMPLETE");
  assert.equal((await described(Domain)).ManagedLoginVersion, 2);
  await cfn.deleteStack({ StackName: made.StackId });
  assert.equal((await settled(cfn, made.StackId)).StackStatus, "DELETE_COMPLETE");
  assert.deepEqual(await described(Domain), {});
});
