// User pools: pools and clients, users who sign up, sign in and stay signed in, what they may do themselves and what administrators
// do, groups, tokens and how others verify them.
import assert from "node:assert/strict";
import { createHash, createPublicKey, verify as verifySignature } from "node:crypto";
import { rmSync } from "node:fs";
import { describe, test } from "node:test";
import { CognitoIdentity } from "@aws-sdk/client-cognito-identity";
import { CognitoIdentityProvider } from "@aws-sdk/client-cognito-identity-provider";
import { STS } from "@aws-sdk/client-sts";
import { listed } from "../compare/document.mjs";
import { makeIam, policy } from "../lib/iam.js";
import { run } from "../lib/process.js";
import { debian, environment } from "../lib/programs.js";
import { call, send, request } from "../lib/raw.js";
import { credentials, elsewhere, region, startServer, temporaryFolder, turntable } from "../lib/server.js";
import { fails as failsWith, open, uniqueName } from "../lib/turntable.js";
import { claims, makeUsers, pairs, password, secretHash, unpair } from "../lib/users.js";

const { endpoint } = await open();
const { idp, makePool, makeClient, codes, signIn, makeUser } = makeUsers(endpoint);
const fails = (promise, name, message = /./) => failsWith(promise, name, message);
const only = (answer) => (delete answer.$metadata, answer);
const incorrect = "Incorrect username or password.";
const refused = (promise, message) => fails(promise, "NotAuthorizedException", message);
const invalid = (promise, message) => fails(promise, "InvalidParameterException", message);
const noUser = (promise, message = "User does not exist.") => fails(promise, "UserNotFoundException", message);
const attributesOf = async (UserPoolId, Username) => unpair((await idp.adminGetUser({ UserPoolId, Username })).UserAttributes);

describe("user pools", () => {
  test("get attributes of their own later on", async () => {
    const UserPoolId = (await idp.createUserPool({ PoolName: "aged", Schema: [{ Name: "team", AttributeDataType: "String" }] })).UserPool.Id;
    await idp.addCustomAttributes({ UserPoolId, CustomAttributes: [{ Name: "age", AttributeDataType: "Number", NumberAttributeConstraints: { MinValue: "0", MaxValue: "150" } }] });
    const { SchemaAttributes } = (await idp.describeUserPool({ UserPoolId })).UserPool;
    assert.deepEqual(SchemaAttributes.slice(21).map(({ Name, AttributeDataType }) => [Name, AttributeDataType]), [["custom:team", "String"], ["custom:age", "Number"]]);
    await idp.adminCreateUser({ UserPoolId, Username: "ana", UserAttributes: [{ Name: "custom:age", Value: "37" }] });
    assert.equal((await attributesOf(UserPoolId, "ana"))["custom:age"], "37");
    await invalid(idp.adminCreateUser({ UserPoolId, Username: "ben", UserAttributes: [{ Name: "custom:age", Value: "151" }] }));
    const add = (CustomAttributes) => idp.addCustomAttributes({ UserPoolId, CustomAttributes });
    await invalid(add([{ Name: "team", AttributeDataType: "String" }]), "custom:team: Existing attribute already has name custom:team.");
    await invalid(add([{ Name: "email", AttributeDataType: "String" }]), "email is a standard attribute, which the pool has already");
    await invalid(add([{ Name: "must", Required: true }]), "Required custom attributes are not supported currently.");
    await add(Array.from({ length: 25 }, (_, i) => ({ Name: `n${i}` })));
    await fails(add(Array.from({ length: 24 }, (_, i) => ({ Name: `m${i}` }))), "LimitExceededException");
    await fails(idp.addCustomAttributes({ UserPoolId: "us-east-1_none", CustomAttributes: [{ Name: "x" }] }), "ResourceNotFoundException");
    await idp.deleteUserPool({ UserPoolId });
  });

  test("are made with AWS's defaults, described, changed, listed and deleted", async () => {
    const { UserPool } = await idp.createUserPool({ PoolName: "music", UserPoolTags: { app: "music" } });
    const { Id } = UserPool;
    assert.match(Id, /^us-east-1_[0-9a-zA-Z]{9}$/);
    assert.equal(UserPool.Arn, `arn:aws:cognito-idp:us-east-1:000000000000:userpool/${Id}`);
    assert.deepEqual(UserPool.Policies.PasswordPolicy, {
      MinimumLength: 8,
      RequireUppercase: true,
      RequireLowercase: true,
      RequireNumbers: true,
      RequireSymbols: true,
      TemporaryPasswordValidityDays: 7,
    });
    assert.equal(UserPool.MfaConfiguration, "OFF");
    assert.equal(UserPool.EstimatedNumberOfUsers, 0);
    assert.deepEqual(UserPool.UserPoolTags, { app: "music" });
    assert.equal(UserPool.SchemaAttributes.length, 21);
    assert.deepEqual(UserPool.SchemaAttributes.find(({ Name }) => Name === "sub"), {
      Name: "sub",
      AttributeDataType: "String",
      DeveloperOnlyAttribute: false,
      Mutable: false,
      Required: true,
      StringAttributeConstraints: { MinLength: "1", MaxLength: "2048" },
    });
    assert.deepEqual((await idp.describeUserPool({ UserPoolId: Id })).UserPool, UserPool);
    await idp.updateUserPool({ UserPoolId: Id, Policies: { PasswordPolicy: { MinimumLength: 6 } }, DeletionProtection: "ACTIVE" });
    const changed = (await idp.describeUserPool({ UserPoolId: Id })).UserPool;
    assert.equal(changed.Name, "music");
    assert.deepEqual(changed.Policies.PasswordPolicy, { MinimumLength: 6 });
    const found = [];
    let NextToken;
    do {
      const page = await idp.listUserPools({ MaxResults: 1, NextToken });
      found.push(...page.UserPools);
      NextToken = page.NextToken;
    } while (NextToken);
    assert.equal(found.filter((pool) => pool.Id === Id)[0].Name, "music");
    await invalid(idp.deleteUserPool({ UserPoolId: Id }), /^The user pool cannot be deleted because deletion protection is activated/);
    await idp.updateUserPool({ UserPoolId: Id });
    await idp.deleteUserPool({ UserPoolId: Id });
    for (const action of [() => idp.describeUserPool({ UserPoolId: Id }), () => idp.deleteUserPool({ UserPoolId: Id }), () => idp.listUsers({ UserPoolId: Id })]) {
      await fails(action(), "ResourceNotFoundException", `User pool ${Id} does not exist.`);
    }
  });

  test("take a schema", async () => {
    const Schema = [
      { Name: "email", Required: true, Mutable: true },
      { Name: "team", AttributeDataType: "String", Mutable: false, StringAttributeConstraints: { MinLength: "2", MaxLength: "5" } },
      { Name: "score", AttributeDataType: "Number", NumberAttributeConstraints: { MinValue: "0", MaxValue: "10" } },
    ];
    const { pool, UserPoolId, ClientId } = await makePool({ Schema });
    const by = (name) => pool.SchemaAttributes.find(({ Name }) => Name === name);
    assert.equal(by("email").Required, true);
    assert.equal(by("custom:team").Mutable, false);
    assert.deepEqual(by("custom:score").NumberAttributeConstraints, { MinValue: "0", MaxValue: "10" });
    const create = (attributes) => idp.adminCreateUser({ UserPoolId, Username: uniqueName(), MessageAction: "SUPPRESS", UserAttributes: pairs(attributes) });
    await create({ "custom:team": "blue", "custom:score": "10" });
    await invalid(create({ "custom:team": "b" }), /^Attributes did not conform to the schema: custom:team: /);
    await invalid(create({ "custom:score": "11" }), /^Attributes did not conform to the schema: custom:score: /);
    await invalid(create({ "custom:score": "x" }), /^Attributes did not conform to the schema: custom:score: /);
    await invalid(create({ "custom:none": "x" }), "Attributes did not conform to the schema: custom:none: Attribute does not exist in the schema.\n");
    await invalid(idp.signUp({ ClientId, Username: uniqueName(), Password: password }), "Attributes did not conform to the schema: email: The attribute is required\n");
    await idp.adminCreateUser({ UserPoolId, Username: "ana", MessageAction: "SUPPRESS", UserAttributes: pairs({ "custom:team": "blue" }) });
    await invalid(idp.adminUpdateUserAttributes({ UserPoolId, Username: "ana", UserAttributes: pairs({ "custom:team": "red" }) }), "user.custom:team: Attribute cannot be updated.\n");
    await invalid(idp.createUserPool({ PoolName: "x", Schema: [{ Name: "a", Required: true }] }), "Required custom attributes are not supported currently.");
  });

  test("refuse what this server would not do", async () => {
    const create = (settings) => idp.createUserPool({ PoolName: "x", ...settings });
    await invalid(create({ LambdaConfig: { PreSignUp: "arn:aws:lambda:us-east-1:1:function:x" } }), /^Lambda triggers are not supported/);
    await invalid(create({ MfaConfiguration: "ON" }), /^MfaConfiguration must be OFF/);
    await invalid(create({ DeviceConfiguration: {} }), /^DeviceConfiguration is not supported/);
    await invalid(create({ UserPoolAddOns: { AdvancedSecurityMode: "AUDIT" } }), /^AdvancedSecurityMode must be OFF/);
    await invalid(create({ AliasAttributes: ["email"], UsernameAttributes: ["email"] }), /^Only one of the aliasAttributes or usernameAttributes/);
    const { UserPoolId } = await makePool();
    assert.deepEqual(only(await idp.getUserPoolMfaConfig({ UserPoolId })), { MfaConfiguration: "OFF" });
    assert.deepEqual(only(await idp.setUserPoolMfaConfig({ UserPoolId, MfaConfiguration: "OFF" })), { MfaConfiguration: "OFF" });
    await invalid(idp.setUserPoolMfaConfig({ UserPoolId, MfaConfiguration: "OPTIONAL" }), /^MfaConfiguration must be OFF/);
    await invalid(idp.setUserPoolMfaConfig({ UserPoolId, SoftwareTokenMfaConfiguration: { Enabled: true } }), /no second factors/);
  });

  test("check their input in AWS's words, and show nothing that is secret", async () => {
    await invalid(
      idp.describeUserPool({ UserPoolId: "no" }),
      "1 validation error detected: Value 'no' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+",
    );
    await invalid(idp.signUp({ Username: "ana" }), "1 validation error detected: Value null at 'clientId' failed to satisfy constraint: Member must not be null");
    await invalid(
      idp.signUp({ ClientId: "abc", Username: "an a", Password: " secret" }),
      "2 validation errors detected: Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+; " +
        "Value at 'password' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$",
    );
  });

  test("have tags", async () => {
    const { UserPoolId, pool } = await makePool({ UserPoolTags: { a: "1" } });
    await idp.tagResource({ ResourceArn: pool.Arn, Tags: { a: "2", b: "3" } });
    assert.deepEqual((await idp.listTagsForResource({ ResourceArn: pool.Arn })).Tags, { a: "2", b: "3" });
    await idp.untagResource({ ResourceArn: pool.Arn, TagKeys: ["a"] });
    assert.deepEqual((await idp.describeUserPool({ UserPoolId })).UserPool.UserPoolTags, { b: "3" });
    await invalid(idp.listTagsForResource({ ResourceArn: "arn:aws:s3:us-east-1:000000000000:x" }), /^Invalid ARN/);
  });

  test("are for those who sign, their users for everybody", async () => {
    const { ClientId } = await makePool();
    const unsigned = (operation, body) => send(request(endpoint, { target: `AWSCognitoIdentityProviderService.${operation}`, body, headers: { "content-type": "application/x-amz-json-1.1" } }));
    const list = JSON.parse((await unsigned("ListUserPools", { MaxResults: 1 })).body);
    assert.match(list.__type, /MissingAuthenticationTokenException$/);
    assert.equal((await unsigned("SignUp", { ClientId, Username: "ana", Password: password })).status, 200);
  });
});

describe("clients of user pools", () => {
  test("are made, described, changed, listed and deleted", async () => {
    const { UserPoolId, client } = await makePool();
    const { ClientId } = client;
    assert.match(ClientId, /^[0-9a-z]{26}$/);
    assert.equal(client.ClientSecret, undefined);
    assert.equal(client.RefreshTokenValidity, 30);
    assert.equal(client.EnableTokenRevocation, true);
    assert.deepEqual((await idp.describeUserPoolClient({ UserPoolId, ClientId })).UserPoolClient, client);
    const { UserPoolClient } = await idp.updateUserPoolClient({ UserPoolId, ClientId, ClientName: "other", AccessTokenValidity: 5, TokenValidityUnits: { AccessToken: "minutes" } });
    assert.equal(UserPoolClient.ClientName, "other");
    assert.equal(UserPoolClient.ExplicitAuthFlows, undefined);
    await idp.createUserPoolClient({ UserPoolId, ClientName: "third" });
    assert.equal((await idp.listUserPoolClients({ UserPoolId, MaxResults: 60 })).UserPoolClients.length, 2);
    const page = await idp.listUserPoolClients({ UserPoolId, MaxResults: 1 });
    assert.equal((await idp.listUserPoolClients({ UserPoolId, MaxResults: 1, NextToken: page.NextToken })).UserPoolClients.length, 1);
    await invalid(idp.listUserPoolClients({ UserPoolId, NextToken: "nonsense" }), "Invalid next token");
    await idp.deleteUserPoolClient({ UserPoolId, ClientId });
    await fails(idp.describeUserPoolClient({ UserPoolId, ClientId }), "ResourceNotFoundException", `User pool client ${ClientId} does not exist.`);
    const other = await makePool();
    await fails(idp.describeUserPoolClient({ UserPoolId, ClientId: other.ClientId }), "ResourceNotFoundException", /does not exist\.$/);
  });

  test("have settings within AWS's bounds", async () => {
    const { UserPoolId } = await makePool();
    const range = "Invalid range for token validity.";
    await invalid(makeClient(UserPoolId, { AccessTokenValidity: 4, TokenValidityUnits: { AccessToken: "minutes" } }), range);
    await invalid(makeClient(UserPoolId, { IdTokenValidity: 25 }), range);
    await invalid(makeClient(UserPoolId, { RefreshTokenValidity: 59, TokenValidityUnits: { RefreshToken: "minutes" } }), range);
    await invalid(makeClient(UserPoolId, { ReadAttributes: ["none"] }), "Invalid read attributes specified while creating a client");
    await invalid(makeClient(UserPoolId, { WriteAttributes: ["custom:none"] }), "Invalid write attributes specified while creating a client");
    await invalid(makeClient(UserPoolId, { ExplicitAuthFlows: ["USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"] }), /do not go together$/);
    await invalid(makeClient(UserPoolId, { SupportedIdentityProviders: ["Google"] }), `The provider Google does not exist for User Pool ${UserPoolId}.`);
    await invalid(makeClient(UserPoolId, { RefreshTokenRotation: { Feature: "ENABLED" } }), /does not go together with refresh token rotation$/);
  });

  test("with a secret want its hash", async () => {
    const { UserPoolId, client } = await makePool({}, { GenerateSecret: true });
    const { ClientId, ClientSecret } = client;
    const SecretHash = secretHash(ClientSecret, "ana", ClientId);
    const missing = `Client ${ClientId} is configured with secret but SECRET_HASH was not received`;
    const wrong = `Unable to verify secret hash for client ${ClientId}`;
    await refused(idp.signUp({ ClientId, Username: "ana", Password: password }), missing);
    await refused(idp.signUp({ ClientId, Username: "ana", Password: password, SecretHash: secretHash("x", "ana", ClientId) }), wrong);
    await idp.signUp({ ClientId, Username: "ana", Password: password, SecretHash });
    await idp.adminConfirmSignUp({ UserPoolId, Username: "ana" });
    await refused(signIn(ClientId, "ana"), missing);
    await refused(signIn(ClientId, "ana", password, { SECRET_HASH: secretHash(ClientSecret, "Ana", ClientId) }), wrong);
    const { RefreshToken } = (await signIn(ClientId, "ana", password, { SECRET_HASH: SecretHash })).AuthenticationResult;
    const refresh = (more) => idp.initiateAuth({ ClientId, AuthFlow: "REFRESH_TOKEN_AUTH", AuthParameters: { REFRESH_TOKEN: RefreshToken, ...more } });
    await refused(refresh({}), missing);
    await refresh({ SECRET_HASH: SecretHash });
    await refused(idp.getTokensFromRefreshToken({ ClientId, RefreshToken }), /^Unable to verify secret/);
    await idp.getTokensFromRefreshToken({ ClientId, RefreshToken, ClientSecret });
    await fails(idp.revokeToken({ ClientId, Token: RefreshToken }), "UnauthorizedException", /^Unable to verify secret/);
    await idp.revokeToken({ ClientId, Token: RefreshToken, ClientSecret });
    const other = await makePool();
    await refused(signIn(other.ClientId, "ana", password, { SECRET_HASH: SecretHash }), `Unable to verify secret hash for client ${other.ClientId}`);
  });
});

describe("signing up", () => {
  test("sends a code, and the code confirms", async () => {
    const { UserPoolId, ClientId } = await makePool();
    const made = only(await idp.signUp({ ClientId, Username: "ana", Password: password, UserAttributes: pairs({ email: "ana@example.com" }) }));
    assert.deepEqual(made, {
      UserConfirmed: false,
      UserSub: made.UserSub,
      CodeDeliveryDetails: { Destination: "a***@e***", DeliveryMedium: "EMAIL", AttributeName: "email" },
    });
    await fails(idp.signUp({ ClientId, Username: "ana", Password: password }), "UsernameExistsException", "User already exists");
    await fails(signIn(ClientId, "ana"), "UserNotConfirmedException", "User is not confirmed.");
    const confirm = (ConfirmationCode) => idp.confirmSignUp({ ClientId, Username: "ana", ConfirmationCode });
    const { SignUp: first } = await codes(UserPoolId, "ana");
    assert.match(first, /^\d{6}$/);
    await fails(confirm(first === "000000" ? "000001" : "000000"), "CodeMismatchException", "Invalid verification code provided, please try again.");
    await idp.resendConfirmationCode({ ClientId, Username: "ana" });
    const { SignUp: code } = await codes(UserPoolId, "ana");
    if (code !== first) await fails(confirm(first), "CodeMismatchException");
    assert.equal((await attributesOf(UserPoolId, "ana")).email_verified, "false");
    await confirm(code);
    assert.deepEqual(await attributesOf(UserPoolId, "ana"), { sub: made.UserSub, email: "ana@example.com", email_verified: "true" });
    assert.deepEqual(await codes(UserPoolId, "ana"), {});
    await refused(confirm(code), "User cannot be confirmed. Current status is CONFIRMED");
    await invalid(idp.resendConfirmationCode({ ClientId, Username: "ana" }), "User is already confirmed.");
    await signIn(ClientId, "ana");
    assert.equal((await idp.describeUserPool({ UserPoolId })).UserPool.EstimatedNumberOfUsers, 1);
  });

  test("counts wrong codes, also over new ones", async () => {
    const { UserPoolId, ClientId } = await makePool();
    await idp.signUp({ ClientId, Username: "ana", Password: password, UserAttributes: pairs({ email: "ana@example.com" }) });
    const confirm = (ConfirmationCode) => idp.confirmSignUp({ ClientId, Username: "ana", ConfirmationCode });
    for (let i = 0; i < 3; i++) await fails(confirm("none"), "CodeMismatchException");
    await idp.resendConfirmationCode({ ClientId, Username: "ana" });
    for (let i = 0; i < 2; i++) await fails(confirm("none"), "CodeMismatchException");
    const { SignUp } = await codes(UserPoolId, "ana");
    await fails(confirm(SignUp), "LimitExceededException", "Attempt limit exceeded, please try after some time.");
    for (let i = 0; i < 18; i++) await idp.resendConfirmationCode({ ClientId, Username: "ana" });
    await fails(idp.resendConfirmationCode({ ClientId, Username: "ana" }), "LimitExceededException", "Attempt limit exceeded, please try after some time.");
  });

  test("keeps the password policy", async () => {
    const { ClientId } = await makePool();
    for (const [Password, problem] of [
      ["Pa0!", "Password not long enough"],
      ["passw0rd!", "Password must have uppercase characters"],
      ["PASSW0RD!", "Password must have lowercase characters"],
      ["Password!", "Password must have numeric characters"],
      ["Passw0rdd", "Password must have symbol characters"],
    ]) {
      await fails(idp.signUp({ ClientId, Username: "ana", Password }), "InvalidPasswordException", `Password did not conform with policy: ${problem}`);
    }
  });

  test("lets users have an address for a name", async () => {
    const { UserPoolId, ClientId } = await makePool({ UsernameAttributes: ["email"], UsernameConfiguration: { CaseSensitive: false } });
    const sign = (Username, attributes = {}) => idp.signUp({ ClientId, Username, Password: password, UserAttributes: pairs(attributes) });
    await invalid(sign("ana"), "Username should be an email.");
    const { UserSub } = await sign("Ana@example.com");
    await fails(sign("ana@EXAMPLE.com"), "UsernameExistsException", "An account with the given email already exists.");
    await idp.confirmSignUp({ ClientId, Username: "ana@example.com", ConfirmationCode: (await codes(UserPoolId, "ana@example.com")).SignUp });
    const user = await idp.adminGetUser({ UserPoolId, Username: "ANA@example.com" });
    assert.equal(user.Username, UserSub);
    assert.equal(unpair(user.UserAttributes).email, "Ana@example.com");
    const { AccessToken } = (await signIn(ClientId, "ana@example.com")).AuthenticationResult;
    assert.equal(claims(AccessToken).username, UserSub);
    await signIn(ClientId, UserSub);
    const other = await sign("bob@example.com");
    await fails(
      idp.adminUpdateUserAttributes({ UserPoolId, Username: other.UserSub, UserAttributes: pairs({ email: "ana@example.com" }) }),
      "AliasExistsException",
      "An account with the email already exists.",
    );
    await fails(idp.adminCreateUser({ UserPoolId, Username: "ana@example.com" }), "UsernameExistsException", "An account with the given email already exists.");
  });

  test("lets verified addresses be aliases", async () => {
    const { UserPoolId, ClientId } = await makePool({ AliasAttributes: ["email", "preferred_username"] });
    const sign = (Username, email) => idp.signUp({ ClientId, Username, Password: password, UserAttributes: pairs({ email }) });
    const confirm = async (Username, more) => idp.confirmSignUp({ ClientId, Username, ConfirmationCode: (await codes(UserPoolId, Username)).SignUp, ...more });
    await invalid(sign("ana@example.com", "ana@example.com"), "Username cannot be of email format, since user pool is configured for email alias.");
    await sign("ana", "ana@example.com");
    await noUser(signIn(ClientId, "ana@example.com"));
    await confirm("ana");
    await signIn(ClientId, "ana@example.com");
    await sign("bob", "ana@example.com");
    await fails(confirm("bob"), "AliasExistsException", "An account with the email already exists.");
    await idp.resendConfirmationCode({ ClientId, Username: "bob" });
    await confirm("bob", { ForceAliasCreation: true });
    assert.equal((await idp.adminGetUser({ UserPoolId, Username: "ana@example.com" })).Username, "bob");
    await idp.adminDeleteUser({ UserPoolId, Username: "ana" });
    assert.equal((await idp.adminGetUser({ UserPoolId, Username: "ana@example.com" })).Username, "bob");
    await idp.adminUpdateUserAttributes({ UserPoolId, Username: "bob", UserAttributes: pairs({ preferred_username: "bobby" }) });
    await signIn(ClientId, "bobby");
  });

  test("is for administrators where they want it", async () => {
    const { ClientId } = await makePool({ AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } });
    await refused(idp.signUp({ ClientId, Username: "ana", Password: password }), "SignUp is not permitted for this user pool");
  });
});

describe("signing in", () => {
  test("gives tokens with AWS's claims", async () => {
    const { UserPoolId, ClientId } = await makePool({ Schema: [{ Name: "team", AttributeDataType: "String" }] }, { ReadAttributes: ["email", "email_verified", "custom:team", "address"], WriteAttributes: ["email", "custom:team", "address", "name"] });
    await makeUser({ UserPoolId, ClientId }, "ana", { email: "ana@example.com", "custom:team": "blue", address: "Rome", name: "Ana" });
    await idp.createGroup({ UserPoolId, GroupName: "editors", Precedence: 5, RoleArn: "arn:aws:iam::000000000000:role/editor" });
    await idp.createGroup({ UserPoolId, GroupName: "admins", Precedence: 1, RoleArn: "arn:aws:iam::000000000000:role/admin" });
    await idp.createGroup({ UserPoolId, GroupName: "all" });
    for (const GroupName of ["all", "editors", "admins"]) await idp.adminAddUserToGroup({ UserPoolId, Username: "ana", GroupName });
    const before = Math.floor(Date.now() / 1000);
    const { AuthenticationResult, ChallengeParameters } = await signIn(ClientId, "ana");
    assert.deepEqual(ChallengeParameters, {});
    assert.equal(AuthenticationResult.ExpiresIn, 3600);
    assert.equal(AuthenticationResult.TokenType, "Bearer");
    const { sub } = await attributesOf(UserPoolId, "ana");
    const id = claims(AuthenticationResult.IdToken);
    const access = claims(AuthenticationResult.AccessToken);
    for (const token of [id, access]) {
      assert.ok(token.iat >= before && token.iat <= before + 600 && token.auth_time >= before && token.exp === token.iat + 3600);
    }
    const common = { sub, "cognito:groups": ["admins", "editors", "all"], iss: `https://cognito-idp.us-east-1.amazonaws.com/${UserPoolId}` };
    const times = ({ origin_jti, event_id, auth_time, exp, iat, jti }) => ({ origin_jti, event_id, auth_time, exp, iat, jti });
    assert.deepEqual(id, {
      ...common,
      ...times(id),
      token_use: "id",
      aud: ClientId,
      "cognito:username": "ana",
      "cognito:roles": ["arn:aws:iam::000000000000:role/admin", "arn:aws:iam::000000000000:role/editor"],
      "cognito:preferred_role": "arn:aws:iam::000000000000:role/admin",
      email: "ana@example.com",
      email_verified: false,
      "custom:team": "blue",
      address: { formatted: "Rome" },
    });
    assert.deepEqual(access, { ...common, ...times(access), token_use: "access", client_id: ClientId, scope: "aws.cognito.signin.user.admin", username: "ana" });
    assert.equal(id.origin_jti, access.origin_jti);
    assert.notEqual(id.jti, access.jti);
  });

  test("gives tokens that others can verify by the pool's keys", async () => {
    const { UserPoolId, ClientId } = await makePool();
    const { IdToken, AccessToken } = await makeUser({ UserPoolId, ClientId }, "ana");
    const configuration = await (await fetch(`${endpoint}/${UserPoolId}/.well-known/openid-configuration`)).json();
    assert.equal(configuration.issuer, `https://cognito-idp.us-east-1.amazonaws.com/${UserPoolId}`);
    const { keys } = await (await fetch(configuration.jwks_uri)).json();
    assert.equal(keys.length, 2);
    const used = [IdToken, AccessToken].map((token) => {
      const [header, payload, signature] = token.split(".");
      const { kid, alg } = JSON.parse(Buffer.from(header, "base64url"));
      const jwk = keys.find((key) => key.kid === kid);
      assert.deepEqual([alg, jwk.alg, jwk.use], ["RS256", "RS256", "sig"]);
      // RFC 7638
      const thumbprint = createHash("sha256").update(JSON.stringify({ e: jwk.e, kty: jwk.kty, n: jwk.n })).digest("base64");
      assert.equal(kid, thumbprint);
      const key = createPublicKey({ key: jwk, format: "jwk" });
      assert.ok(verifySignature("sha256", Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, "base64url")));
      return kid;
    });
    assert.notEqual(used[0], used[1]);
    const missing = await fetch(`${endpoint}/us-east-1_none/.well-known/jwks.json`);
    assert.equal(missing.status, 400);
    assert.equal((await missing.json()).message, "User pool us-east-1_none does not exist.");
  });

  test("is told no more than AWS tells", async () => {
    const shows = await makePool({}, { PreventUserExistenceErrors: "LEGACY" });
    const hides = await makePool({}, { PreventUserExistenceErrors: "ENABLED" });
    await noUser(signIn(shows.ClientId, "nobody"));
    await refused(signIn(hides.ClientId, "nobody"), incorrect);
    await makeUser(hides, "ana");
    await refused(signIn(hides.ClientId, "ana", "wrong"), incorrect);
    await noUser(idp.forgotPassword({ ClientId: shows.ClientId, Username: "nobody" }), "Username/client id combination not found.");
    const told = await idp.forgotPassword({ ClientId: hides.ClientId, Username: "nobody" });
    assert.deepEqual(told.CodeDeliveryDetails, { Destination: "n***@n***", DeliveryMedium: "EMAIL", AttributeName: "email" });
    await fails(idp.confirmForgotPassword({ ClientId: hides.ClientId, Username: "nobody", ConfirmationCode: "123456", Password: password }), "CodeMismatchException");
    await fails(idp.confirmSignUp({ ClientId: hides.ClientId, Username: "nobody", ConfirmationCode: "123456" }), "ExpiredCodeException", "Invalid code provided, please request a code again.");
    await noUser(idp.confirmSignUp({ ClientId: shows.ClientId, Username: "nobody", ConfirmationCode: "123456" }), "Username/client id combination not found.");
    assert.ok((await idp.resendConfirmationCode({ ClientId: hides.ClientId, Username: "nobody" })).CodeDeliveryDetails);
    const srp = (ClientId, USERNAME) => idp.initiateAuth({ ClientId, AuthFlow: "USER_SRP_AUTH", AuthParameters: { USERNAME, SRP_A: "abcdef" } });
    await noUser(srp(shows.ClientId, "nobody"));
    const [one, again, real] = [await srp(hides.ClientId, "nobody"), await srp(hides.ClientId, "nobody"), await srp(hides.ClientId, "ana")];
    assert.deepEqual(Object.keys(one.ChallengeParameters), Object.keys(real.ChallengeParameters));
    assert.equal(one.ChallengeParameters.SALT, again.ChallengeParameters.SALT);
    assert.notEqual(one.ChallengeParameters.SRP_B, again.ChallengeParameters.SRP_B);
    assert.equal(one.ChallengeParameters.USER_ID_FOR_SRP, "nobody");
    assert.ok(Math.abs(one.ChallengeParameters.SECRET_BLOCK.length - real.ChallengeParameters.SECRET_BLOCK.length) < 16);
  });

  test("with SRP refuses what gives the key away, and what is no proof", async () => {
    const { UserPoolId, ClientId } = await makePool();
    await makeUser({ UserPoolId, ClientId }, "ana");
    const srp = (SRP_A) => idp.initiateAuth({ ClientId, AuthFlow: "USER_SRP_AUTH", AuthParameters: { USERNAME: "ana", SRP_A } });
    for (const number of ["0", "00", "x", "f".repeat(770)]) await invalid(srp(number), "Invalid SRP_A value.");
    const { ChallengeName, ChallengeParameters } = await srp("2");
    assert.equal(ChallengeName, "PASSWORD_VERIFIER");
    const answer = (more = {}) =>
      idp.respondToAuthChallenge({
        ClientId,
        ChallengeName,
        ChallengeResponses: {
          USERNAME: "ana",
          PASSWORD_CLAIM_SECRET_BLOCK: ChallengeParameters.SECRET_BLOCK,
          PASSWORD_CLAIM_SIGNATURE: Buffer.alloc(32).toString("base64"),
          TIMESTAMP: "Thu Nov 26 14:56:44 UTC 2026",
          ...more,
        },
      });
    await refused(answer(), incorrect);
    await invalid(answer({ TIMESTAMP: "2026-11-26" }), "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.");
    await invalid(answer({ TIMESTAMP: "" }), "Missing required parameter TIMESTAMP");
    await refused(answer({ PASSWORD_CLAIM_SECRET_BLOCK: "bm9uZQ==" }), /^Invalid session for the user/);
    await refused(answer({ PASSWORD_CLAIM_SIGNATURE: "x" }), incorrect);
    await refused(idp.respondToAuthChallenge({ ClientId, ChallengeName: "SMS_MFA", ChallengeResponses: {} }), /^Invalid session for the user/);
  });

  test("is only by flows that the client allows", async () => {
    const { UserPoolId, ClientId } = await makePool({}, { ExplicitAuthFlows: [] });
    await invalid(signIn(ClientId, "ana"), "USER_PASSWORD_AUTH flow not enabled for this client");
    const auth = (AuthFlow, AuthParameters = {}) => idp.initiateAuth({ ClientId, AuthFlow, AuthParameters });
    await invalid(auth("USER_SRP_AUTH"), "Missing required parameter USERNAME");
    await invalid(auth("ADMIN_USER_PASSWORD_AUTH"), "Initiate Auth method not supported.");
    await invalid(auth("CUSTOM_AUTH"), "Custom auth lambda trigger is not configured for the user pool.");
    await invalid(auth("USER_AUTH"), /^USER_AUTH is not enabled/);
    await invalid(idp.adminInitiateAuth({ UserPoolId, ClientId, AuthFlow: "ADMIN_USER_PASSWORD_AUTH" }), "Auth flow not enabled for this client");
    const none = await makeClient(UserPoolId, { ExplicitAuthFlows: ["ALLOW_CUSTOM_AUTH"] });
    await invalid(idp.initiateAuth({ ClientId: none.ClientId, AuthFlow: "USER_SRP_AUTH" }), "USER_SRP_AUTH is not enabled for the client.");
    await invalid(idp.initiateAuth({ ClientId: none.ClientId, AuthFlow: "REFRESH_TOKEN" }), "Auth flow not enabled for this client");
  });

  test("is slowed when it is guessed", async () => {
    const { ClientId, UserPoolId } = await makePool();
    await makeUser({ UserPoolId, ClientId }, "ana");
    // The fifth wrong guess locks out for a second, the next ones for longer: sooner or later, an attempt is within.
    let message;
    for (let i = 0; message !== "Password attempts exceeded"; i++) {
      assert.ok(i < 40, "nobody is locked out");
      message = await signIn(ClientId, "ana", "wrong").then(assert.fail, (error) => error.message);
      if (i < 5) assert.equal(message, incorrect);
    }
  });

  test("by administrators, and with a new password at first", async () => {
    const { ClientId, UserPoolId } = await makePool({ Schema: [{ Name: "name", Required: true }] });
    await idp.adminCreateUser({ UserPoolId, Username: "ana", TemporaryPassword: password, MessageAction: "SUPPRESS" });
    const auth = (PASSWORD) => idp.adminInitiateAuth({ UserPoolId, ClientId, AuthFlow: "ADMIN_USER_PASSWORD_AUTH", AuthParameters: { USERNAME: "ana", PASSWORD } });
    const { ChallengeName, Session, ChallengeParameters } = await auth(password);
    assert.equal(ChallengeName, "NEW_PASSWORD_REQUIRED");
    assert.deepEqual(JSON.parse(ChallengeParameters.requiredAttributes), ["userAttributes.name"]);
    const respond = (responses, session = Session) =>
      idp.adminRespondToAuthChallenge({ UserPoolId, ClientId, ChallengeName, Session: session, ChallengeResponses: { USERNAME: "ana", ...responses } });
    await fails(respond({ NEW_PASSWORD: "short" }), "InvalidPasswordException");
    await invalid(respond({ NEW_PASSWORD: "Other-0rd!" }), /name: The attribute is required\n$/);
    await refused(respond({ NEW_PASSWORD: "Other-0rd!" }, "x".repeat(40)), /^Invalid session for the user/);
    const { AuthenticationResult } = await respond({ NEW_PASSWORD: "Other-0rd!", "userAttributes.name": "Ana" });
    assert.equal(claims(AuthenticationResult.IdToken).name, "Ana");
    await refused(respond({ NEW_PASSWORD: "Another-0rd!", "userAttributes.name": "Ana" }), "Invalid session for the user, session can only be used once.");
    await refused(auth(password), incorrect);
    await auth("Other-0rd!");
    assert.equal((await idp.adminGetUser({ UserPoolId, Username: "ana" })).UserStatus, "CONFIRMED");
  });
});

describe("staying signed in", () => {
  test("takes a refresh token, until it is revoked", async () => {
    const { ClientId, UserPoolId } = await makePool();
    const { RefreshToken, AccessToken } = await makeUser({ UserPoolId, ClientId }, "ana");
    const refresh = (REFRESH_TOKEN, client = ClientId) => idp.initiateAuth({ ClientId: client, AuthFlow: "REFRESH_TOKEN_AUTH", AuthParameters: { REFRESH_TOKEN } });
    const next = (await refresh(RefreshToken)).AuthenticationResult;
    assert.equal(next.RefreshToken, undefined);
    assert.equal(claims(next.AccessToken).origin_jti, claims(AccessToken).origin_jti);
    assert.equal(claims(next.AccessToken).auth_time, claims(AccessToken).auth_time);
    await idp.getUser({ AccessToken: next.AccessToken });
    assert.ok((await idp.getTokensFromRefreshToken({ ClientId, RefreshToken })).AuthenticationResult.IdToken);
    await refused(refresh("x".repeat(60)), "Invalid Refresh Token");
    const { ClientId: other } = await makeClient(UserPoolId);
    await refused(refresh(RefreshToken, other), "Invalid Refresh Token");
    await fails(idp.revokeToken({ ClientId: other, Token: RefreshToken }), "UnauthorizedException");
    await fails(idp.revokeToken({ ClientId, Token: AccessToken }), "UnsupportedTokenTypeException");
    await idp.revokeToken({ ClientId, Token: RefreshToken });
    await idp.revokeToken({ ClientId, Token: RefreshToken });
    await refused(refresh(RefreshToken), "Refresh Token has been revoked");
    for (const token of [AccessToken, next.AccessToken]) await refused(idp.getUser({ AccessToken: token }), "Access Token has been revoked");
    const lasting = await makeClient(UserPoolId, { EnableTokenRevocation: false });
    const result = (await signIn(lasting.ClientId, "ana")).AuthenticationResult;
    assert.equal(claims(result.AccessToken).origin_jti, undefined);
    await fails(idp.revokeToken({ ClientId: lasting.ClientId, Token: result.RefreshToken }), "UnsupportedOperationException");
  });

  test("ends everywhere at once", async () => {
    const { ClientId, UserPoolId } = await makePool();
    const first = await makeUser({ UserPoolId, ClientId }, "ana");
    const second = (await signIn(ClientId, "ana")).AuthenticationResult;
    await idp.globalSignOut({ AccessToken: first.AccessToken });
    for (const { AccessToken, RefreshToken } of [first, second]) {
      await refused(idp.getUser({ AccessToken }), "Access Token has been revoked");
      await refused(idp.getTokensFromRefreshToken({ ClientId, RefreshToken }), "Refresh Token has been revoked");
    }
    const third = (await signIn(ClientId, "ana")).AuthenticationResult;
    await idp.getUser({ AccessToken: third.AccessToken });
    await idp.adminUserGlobalSignOut({ UserPoolId, Username: "ana" });
    await refused(idp.getUser({ AccessToken: third.AccessToken }), "Access Token has been revoked");
  });

  test("rotates refresh tokens where that is wanted", async () => {
    const { UserPoolId } = await makePool();
    const rotating = (RetryGracePeriodSeconds) =>
      makeClient(UserPoolId, { ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"], RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds } });
    const { ClientId } = await rotating(0);
    await makeUser({ UserPoolId, ClientId }, "ana");
    const first = (await signIn(ClientId, "ana")).AuthenticationResult.RefreshToken;
    const second = (await idp.getTokensFromRefreshToken({ ClientId, RefreshToken: first })).AuthenticationResult.RefreshToken;
    assert.notEqual(first, second);
    await fails(idp.getTokensFromRefreshToken({ ClientId, RefreshToken: first }), "RefreshTokenReuseException");
    await idp.getTokensFromRefreshToken({ ClientId, RefreshToken: second });
    await invalid(idp.initiateAuth({ ClientId, AuthFlow: "REFRESH_TOKEN_AUTH", AuthParameters: { REFRESH_TOKEN: second } }), "Auth flow not enabled for this client");
    const lenient = await rotating(60);
    const token = (await signIn(lenient.ClientId, "ana")).AuthenticationResult.RefreshToken;
    await idp.getTokensFromRefreshToken({ ClientId: lenient.ClientId, RefreshToken: token });
    await idp.getTokensFromRefreshToken({ ClientId: lenient.ClientId, RefreshToken: token });
  });

  test("needs access tokens of this pool, whole and of the right kind", async () => {
    const pool = await makePool();
    const { AccessToken, IdToken } = await makeUser(pool, "ana");
    const [header, payload, signature] = AccessToken.split(".");
    const forged = (change, head = header) => `${head}.${Buffer.from(JSON.stringify({ ...claims(AccessToken), ...change })).toString("base64url")}.${signature}`;
    const none = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
    const text = "Invalid Access Token";
    for (const token of ["x", `${header}.${payload}`, IdToken, forged({ username: "bob" }), forged({}, none), forged({ iss: "https://example.com/x" }), forged({ iss: `https://cognito-idp.us-east-1.amazonaws.com/us-east-1_none` })]) {
      await refused(idp.getUser({ AccessToken: token }), text);
    }
    await idp.adminDeleteUser({ UserPoolId: pool.UserPoolId, Username: "ana" });
    await noUser(idp.getUser({ AccessToken }));
    await idp.adminCreateUser({ UserPoolId: pool.UserPoolId, Username: "ana", MessageAction: "SUPPRESS" });
    await noUser(idp.getUser({ AccessToken }));
  });
});

describe("users", () => {
  test("change what is theirs", async () => {
    const { ClientId, UserPoolId } = await makePool({}, { WriteAttributes: ["email", "name", "nickname"] });
    const { AccessToken } = await makeUser({ UserPoolId, ClientId }, "ana");
    const update = (attributes) => idp.updateUserAttributes({ AccessToken, UserAttributes: pairs(attributes) });
    const mine = async () => unpair((await idp.getUser({ AccessToken })).UserAttributes);
    assert.deepEqual((await update({ name: "Ana", nickname: "An" })).CodeDeliveryDetailsList, []);
    await idp.deleteUserAttributes({ AccessToken, UserAttributeNames: ["nickname"] });
    await refused(update({ picture: "x" }), "A client attempted to write unauthorized attribute");
    await refused(update({ email_verified: "true" }), "A client attempted to write unauthorized attribute");
    await invalid(update({ email: "nonsense" }), "Invalid email address format.");
    await invalid(update({ "custom:x": "1" }), "user.custom:x: Attribute does not exist in the schema.\n");
    const { CodeDeliveryDetailsList } = await update({ email: "other@example.org" });
    assert.deepEqual(CodeDeliveryDetailsList, [{ Destination: "o***@e***", DeliveryMedium: "EMAIL", AttributeName: "email" }]);
    const { sub } = await mine();
    assert.deepEqual(await mine(), { sub, name: "Ana", email: "other@example.org", email_verified: "false" });
    const verify = (Code) => idp.verifyUserAttribute({ AccessToken, AttributeName: "email", Code });
    await fails(verify("none"), "CodeMismatchException");
    await verify((await codes(UserPoolId, "ana")).email);
    assert.equal((await mine()).email_verified, "true");
    await fails(verify("none"), "ExpiredCodeException", "Invalid code provided, please request a code again.");
    const sent = await idp.getUserAttributeVerificationCode({ AccessToken, AttributeName: "email" });
    assert.equal(sent.CodeDeliveryDetails.AttributeName, "email");
    await verify((await codes(UserPoolId, "ana")).email);
    await idp.deleteUser({ AccessToken });
    await noUser(idp.adminGetUser({ UserPoolId, Username: "ana" }));
    assert.equal((await idp.describeUserPool({ UserPoolId })).UserPool.EstimatedNumberOfUsers, 0);
  });

  test("keep an address until the new one is verified, where that is wanted", async () => {
    const { ClientId, UserPoolId } = await makePool({ UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ["email"] } });
    const { AccessToken } = await makeUser({ UserPoolId, ClientId }, "ana");
    await idp.adminUpdateUserAttributes({ UserPoolId, Username: "ana", UserAttributes: pairs({ email_verified: "true" }) });
    await idp.updateUserAttributes({ AccessToken, UserAttributes: pairs({ email: "new@example.com" }) });
    const before = await attributesOf(UserPoolId, "ana");
    assert.deepEqual([before.email, before.email_verified], ["ana@example.com", "true"]);
    await idp.verifyUserAttribute({ AccessToken, AttributeName: "email", Code: (await codes(UserPoolId, "ana")).email });
    const after = await attributesOf(UserPoolId, "ana");
    assert.deepEqual([after.email, after.email_verified], ["new@example.com", "true"]);
  });

  test("change their password, and reset one that they forgot", async () => {
    const { ClientId, UserPoolId } = await makePool();
    const { AccessToken } = await makeUser({ UserPoolId, ClientId }, "ana");
    const change = (PreviousPassword, ProposedPassword) => idp.changePassword({ AccessToken, PreviousPassword, ProposedPassword });
    await refused(change("wrong", "Other-0rd!"), incorrect);
    await fails(change(password, "short"), "InvalidPasswordException");
    await change(password, "Other-0rd!");
    await refused(signIn(ClientId, "ana"), incorrect);
    await signIn(ClientId, "ana", "Other-0rd!");
    const forget = () => idp.forgotPassword({ ClientId, Username: "ana" });
    const confirm = (ConfirmationCode, Password = "Third-0rd!") => idp.confirmForgotPassword({ ClientId, Username: "ana", ConfirmationCode, Password });
    await invalid(forget(), "Cannot reset password for the user as there is no registered/verified email or phone_number");
    await fails(confirm("123456"), "ExpiredCodeException", "Invalid code provided, please request a code again.");
    await idp.adminUpdateUserAttributes({ UserPoolId, Username: "ana", UserAttributes: pairs({ email_verified: "true" }) });
    assert.deepEqual((await forget()).CodeDeliveryDetails, { Destination: "a***@e***", DeliveryMedium: "EMAIL", AttributeName: "email" });
    const { ForgotPassword } = await codes(UserPoolId, "ana");
    await fails(confirm("none"), "CodeMismatchException");
    await fails(confirm(ForgotPassword, "short"), "InvalidPasswordException");
    await confirm(ForgotPassword);
    await signIn(ClientId, "ana", "Third-0rd!");
    await fails(confirm(ForgotPassword), "ExpiredCodeException");
  });
});

describe("administrators", () => {
  test("make users, who are invited", async () => {
    const { ClientId, UserPoolId } = await makePool();
    const { User } = await idp.adminCreateUser({ UserPoolId, Username: "ana", UserAttributes: pairs({ email: "ana@example.com", email_verified: "true" }) });
    assert.equal(User.UserStatus, "FORCE_CHANGE_PASSWORD");
    assert.equal(User.Enabled, true);
    assert.deepEqual(unpair(User.Attributes), { sub: unpair(User.Attributes).sub, email: "ana@example.com", email_verified: "true" });
    const invited = (await codes(UserPoolId, "ana"))["temporary password"];
    assert.equal((await signIn(ClientId, "ana", invited)).ChallengeName, "NEW_PASSWORD_REQUIRED");
    await fails(idp.adminCreateUser({ UserPoolId, Username: "ana" }), "UsernameExistsException", "User account already exists");
    await idp.adminCreateUser({ UserPoolId, Username: "ana", MessageAction: "RESEND" });
    assert.notEqual((await codes(UserPoolId, "ana"))["temporary password"], invited);
    await refused(signIn(ClientId, "ana", invited), incorrect);
    await refused(idp.forgotPassword({ ClientId, Username: "ana" }), "User password cannot be reset in the current state.");
    await idp.adminSetUserPassword({ UserPoolId, Username: "ana", Password: password, Permanent: true });
    assert.ok((await signIn(ClientId, "ana")).AuthenticationResult);
    assert.deepEqual(await codes(UserPoolId, "ana"), {});
    await fails(idp.adminCreateUser({ UserPoolId, Username: "ana", MessageAction: "RESEND" }), "UnsupportedUserStateException");
    await noUser(idp.adminCreateUser({ UserPoolId, Username: "bob", MessageAction: "RESEND" }));
  });

  test("disable, reset and change users", async () => {
    const { ClientId, UserPoolId } = await makePool();
    const { AccessToken } = await makeUser({ UserPoolId, ClientId }, "ana");
    const user = { UserPoolId, Username: "ana" };
    await idp.adminDisableUser(user);
    assert.equal((await idp.adminGetUser(user)).Enabled, false);
    await refused(signIn(ClientId, "ana"), "User is disabled.");
    await refused(idp.getUser({ AccessToken }), "User is disabled.");
    await idp.adminEnableUser(user);
    await refused(idp.getUser({ AccessToken }), "Access Token has been revoked");
    await refused(idp.adminConfirmSignUp(user), "User cannot be confirmed. Current status is CONFIRMED");
    await idp.adminUpdateUserAttributes({ ...user, UserAttributes: pairs({ email_verified: "true", nickname: "An" }) });
    await idp.adminDeleteUserAttributes({ ...user, UserAttributeNames: ["nickname"] });
    assert.equal((await attributesOf(UserPoolId, "ana")).nickname, undefined);
    await idp.adminResetUserPassword(user);
    await fails(signIn(ClientId, "ana"), "PasswordResetRequiredException", "Password reset required for the user");
    await idp.confirmForgotPassword({ ClientId, Username: "ana", ConfirmationCode: (await codes(UserPoolId, "ana")).ForgotPassword, Password: password });
    await signIn(ClientId, "ana");
    await idp.adminSetUserPassword({ ...user, Password: password });
    assert.equal((await signIn(ClientId, "ana")).ChallengeName, "NEW_PASSWORD_REQUIRED");
    for (const action of ["adminGetUser", "adminDeleteUser", "adminDisableUser", "adminEnableUser", "adminResetUserPassword", "adminUserGlobalSignOut", "adminConfirmSignUp"]) {
      await noUser(idp[action]({ UserPoolId, Username: "nobody" }));
    }
  });

  test("list users, by page and by filter", async () => {
    const { UserPoolId } = await makePool();
    for (let i = 0; i < 5; i++) {
      const UserAttributes = pairs({ email: `user${i}@example.com`, name: i % 2 ? "odd" : "even \"so\"" });
      await idp.adminCreateUser({ UserPoolId, Username: `user${i}`, MessageAction: "SUPPRESS", UserAttributes });
    }
    const names = async (input) => (await idp.listUsers({ UserPoolId, ...input })).Users.map(({ Username }) => Username);
    assert.deepEqual(await names({}), ["user0", "user1", "user2", "user3", "user4"]);
    const first = await idp.listUsers({ UserPoolId, Limit: 2 });
    const second = await idp.listUsers({ UserPoolId, Limit: 2, PaginationToken: first.PaginationToken });
    const third = await idp.listUsers({ UserPoolId, Limit: 2, PaginationToken: second.PaginationToken });
    assert.deepEqual([first, second, third].map(({ Users }) => Users.length), [2, 2, 1]);
    assert.equal(third.PaginationToken, undefined);
    assert.deepEqual(await names({ Filter: 'email = "user3@example.com"' }), ["user3"]);
    assert.deepEqual(await names({ Filter: 'username ^= "user"', Limit: 60 }), ["user0", "user1", "user2", "user3", "user4"]);
    assert.deepEqual(await names({ Filter: 'name="odd"' }), ["user1", "user3"]);
    assert.deepEqual(await names({ Filter: 'name ^= "even \\"so"' }), ["user0", "user2", "user4"]);
    assert.deepEqual(await names({ Filter: 'cognito:user_status = "CONFIRMED"' }), []);
    assert.deepEqual(await names({ Filter: 'status = "Enabled"', Limit: 1 }), ["user0"]);
    const [user] = (await idp.listUsers({ UserPoolId, AttributesToGet: ["email"], Limit: 1 })).Users;
    assert.deepEqual(unpair(user.Attributes), { email: "user0@example.com" });
    await invalid(names({ Filter: "email" }), "Error while parsing filter.");
    await invalid(names({ Filter: 'email = "x' }), "Error while parsing filter.");
    await invalid(names({ Filter: 'picture = "x"' }), "One or more requested attributes do not exist.");
    await invalid(names({ PaginationToken: "x" }), "Invalid pagination token");
  });
});

describe("groups", () => {
  test("are made, changed, listed and deleted, with those in them", async () => {
    const { UserPoolId, ClientId } = await makePool();
    await makeUser({ UserPoolId, ClientId }, "ana");
    const group = { UserPoolId, GroupName: "editors" };
    const made = (await idp.createGroup({ ...group, Description: "who edits", Precedence: 0 })).Group;
    assert.deepEqual({ ...made, CreationDate: 0, LastModifiedDate: 0 }, { ...group, Description: "who edits", Precedence: 0, CreationDate: 0, LastModifiedDate: 0 });
    await fails(idp.createGroup(group), "GroupExistsException", "A group with the name already exists.");
    assert.deepEqual((await idp.getGroup(group)).Group, made);
    assert.equal((await idp.updateGroup({ ...group, Precedence: 3 })).Group.Precedence, 3);
    await idp.createGroup({ UserPoolId, GroupName: "all" });
    assert.deepEqual((await idp.listGroups({ UserPoolId })).Groups.map(({ GroupName }) => GroupName), ["all", "editors"]);
    const user = { UserPoolId, Username: "ana" };
    await idp.adminAddUserToGroup({ ...user, GroupName: "editors" });
    await idp.adminAddUserToGroup({ ...user, GroupName: "editors" });
    await idp.adminAddUserToGroup({ ...user, GroupName: "all" });
    assert.deepEqual((await idp.adminListGroupsForUser(user)).Groups.map(({ GroupName }) => GroupName), ["all", "editors"]);
    assert.deepEqual((await idp.listUsersInGroup(group)).Users.map(({ Username }) => Username), ["ana"]);
    await idp.adminRemoveUserFromGroup({ ...user, GroupName: "all" });
    await idp.deleteGroup(group);
    assert.deepEqual((await idp.adminListGroupsForUser(user)).Groups, []);
    const missing = (promise) => fails(promise, "ResourceNotFoundException", "Group not found.");
    await missing(idp.getGroup(group));
    await missing(idp.listUsersInGroup(group));
    await missing(idp.adminAddUserToGroup({ ...user, GroupName: "editors" }));
    await noUser(idp.adminAddUserToGroup({ UserPoolId, Username: "nobody", GroupName: "all" }));
  });

  test("forget who is deleted, and those who come after them under the same name", async () => {
    const { UserPoolId } = await makePool();
    const create = () => idp.adminCreateUser({ UserPoolId, Username: "ana", MessageAction: "SUPPRESS" });
    await idp.createGroup({ UserPoolId, GroupName: "admins" });
    await create();
    await idp.adminAddUserToGroup({ UserPoolId, Username: "ana", GroupName: "admins" });
    await idp.adminDeleteUser({ UserPoolId, Username: "ana" });
    await create();
    assert.deepEqual((await idp.adminListGroupsForUser({ UserPoolId, Username: "ana" })).Groups, []);
    assert.deepEqual((await idp.listUsersInGroup({ UserPoolId, GroupName: "admins" })).Users, []);
  });
});

describe("signing up", () => {
  test("is not done without end", { skip: elsewhere && "it spends what the server admits" }, async () => {
    const own = await startServer();
    const users = new CognitoIdentityProvider({ endpoint: own.endpoint, region, credentials, maxAttempts: 1 });
    try {
      const UserPoolId = (await users.createUserPool({ PoolName: "p" })).UserPool.Id;
      const { ClientId } = (await users.createUserPoolClient({ UserPoolId, ClientName: "c" })).UserPoolClient;
      const attempt = (_, i) => users.signUp({ ClientId, Username: `u${i}`, Password: "weak" }).catch(({ name }) => name);
      let admitted = 0;
      let names = [];
      while (!names.includes("TooManyRequestsException")) {
        names = await Promise.all(Array.from({ length: 50 }, attempt));
        admitted += names.filter((name) => name === "InvalidPasswordException").length;
        assert.ok(names.every((name) => ["InvalidPasswordException", "TooManyRequestsException"].includes(name)), names.join());
        assert.ok(admitted < 20_000, "it never ends");
      }
      assert.ok(admitted >= 1500, `${admitted}`);
      await users.adminCreateUser({ UserPoolId, Username: "ana", MessageAction: "SUPPRESS" });
    } finally {
      users.destroy();
      await own.stop();
    }
  });
});

describe("many at once", () => {
  test("make one user of one name, and one of one address", async () => {
    const { ClientId, UserPoolId } = await makePool();
    const made = await Promise.allSettled(Array.from({ length: 8 }, () => idp.signUp({ ClientId, Username: "ana", Password: password })));
    assert.deepEqual(made.map(({ status }) => status).sort(), ["fulfilled", ...Array(7).fill("rejected")]);
    assert.ok(made.every(({ status, reason }) => status === "fulfilled" || reason.name === "UsernameExistsException"));
    assert.equal((await idp.describeUserPool({ UserPoolId })).UserPool.EstimatedNumberOfUsers, 1);
    const addresses = await makePool({ UsernameAttributes: ["email"] });
    const signed = await Promise.allSettled(Array.from({ length: 8 }, () => idp.signUp({ ClientId: addresses.ClientId, Username: "ana@example.com", Password: password })));
    assert.equal(signed.filter(({ status }) => status === "fulfilled").length, 1);
    assert.equal((await idp.listUsers({ UserPoolId: addresses.UserPoolId })).Users.length, 1);
  });

  test("count each wrong password", async () => {
    const { ClientId, UserPoolId } = await makePool();
    await makeUser({ UserPoolId, ClientId }, "ana");
    const answers = await Promise.allSettled(Array.from({ length: 12 }, () => signIn(ClientId, "ana", "wrong")));
    const messages = answers.map(({ reason }) => reason.message);
    assert.ok(messages.filter((message) => message === incorrect).length < 12 && messages.includes("Password attempts exceeded"), messages.join());
  });
});

describe("a killed server", () => {
  test("knows its users and sessions again", { skip: elsewhere }, async () => {
    const folder = temporaryFolder();
    const first = await startServer({ args: ["--data", folder] });
    const before = makeUsers(first.endpoint);
    const pool = await before.makePool();
    const { RefreshToken, AccessToken } = await before.makeUser(pool, "ana");
    await before.idp.signUp({ ClientId: pool.ClientId, Username: "bob", Password: password, UserAttributes: pairs({ email: "bob@example.com" }) });
    const { SignUp } = await before.codes(pool.UserPoolId, "bob");
    first.child.kill("SIGKILL");
    await first.child.finished;
    const second = await startServer({ args: ["--data", folder] });
    const after = makeUsers(second.endpoint);
    const { ClientId } = pool;
    await after.idp.getUser({ AccessToken });
    await after.idp.getTokensFromRefreshToken({ ClientId, RefreshToken });
    await after.idp.confirmSignUp({ ClientId, Username: "bob", ConfirmationCode: SignUp });
    await after.signIn(ClientId, "bob");
    await second.stop();
    rmSync(folder, { recursive: true });
  });
});

describe("identity pools", () => {
  test("take who signed in to a user pool", async () => {
    const { UserPoolId, ClientId } = await makePool();
    const { IdToken, AccessToken } = await makeUser({ UserPoolId, ClientId }, "ana");
    const pools = new CognitoIdentity({ endpoint, region, credentials, maxAttempts: 1 });
    const iam = makeIam(endpoint);
    const ProviderName = `cognito-idp.us-east-1.amazonaws.com/${UserPoolId}`;
    const { IdentityPoolId } = await pools.createIdentityPool({ IdentityPoolName: "music", AllowUnauthenticatedIdentities: false, CognitoIdentityProviders: [{ ProviderName, ClientId }] });
    const { Role } = await iam.createRole({
      RoleName: uniqueName(),
      AssumeRolePolicyDocument: policy({
        Effect: "Allow",
        Principal: { Federated: "cognito-identity.amazonaws.com" },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { StringEquals: { "cognito-identity.amazonaws.com:aud": IdentityPoolId }, "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "authenticated" } },
      }),
    });
    await pools.setIdentityPoolRoles({ IdentityPoolId, Roles: { authenticated: Role.Arn } });
    const Logins = { [ProviderName]: IdToken };
    const { IdentityId } = await pools.getId({ IdentityPoolId, Logins });
    assert.equal((await pools.getId({ IdentityPoolId, Logins })).IdentityId, IdentityId);
    const { Credentials } = await pools.getCredentialsForIdentity({ IdentityId, Logins });
    assert.match(Credentials.AccessKeyId, /^ASIA/);
    for (const token of [AccessToken, `${IdToken}x`, IdToken.replace(/^./, "f")]) await refused(pools.getId({ IdentityPoolId, Logins: { [ProviderName]: token } }), /^Invalid login token\./);
    await pools.deleteIdentityPool({ IdentityPoolId });
    pools.destroy();
  });
});

describe("roles", () => {
  test("are assumed with a user pool's token where IAM knows the pool and the client as a provider", async () => {
    const { UserPoolId, ClientId } = await makePool();
    const { IdToken } = await makeUser({ UserPoolId, ClientId }, "ana");
    const iam = makeIam(endpoint);
    const sts = new STS({ endpoint, region, credentials, maxAttempts: 1 });
    const issuer = claims(IdToken).iss;
    const { OpenIDConnectProviderArn } = await iam.createOpenIDConnectProvider({ Url: issuer, ClientIDList: [ClientId] });
    const { Role } = await iam.createRole({
      RoleName: uniqueName(),
      AssumeRolePolicyDocument: policy({ Effect: "Allow", Principal: { Federated: OpenIDConnectProviderArn }, Action: "sts:AssumeRoleWithWebIdentity" }),
    });
    const assume = () => sts.assumeRoleWithWebIdentity({ RoleArn: Role.Arn, RoleSessionName: "me", WebIdentityToken: IdToken });
    assert.equal((await assume()).Audience, ClientId);
    await iam.removeClientIDFromOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID: ClientId });
    await failsWith(assume(), "InvalidIdentityTokenException", "Incorrect token audience");
    await iam.deleteOpenIDConnectProvider({ OpenIDConnectProviderArn });
    await failsWith(assume(), "InvalidIdentityTokenException", `No OpenIDConnect provider found in your account for ${issuer}`);
    sts.destroy();
  });
});

describe("the AWS CLI", () => {
  test("makes a pool and signs a user up and in", async () => {
    const aws = async (...args) => {
      const { code, stdout, stderr } = await run(debian("aws"), ["cognito-idp", ...args, "--endpoint-url", endpoint, "--output", "json"], { env: environment });
      assert.equal(code, 0, stderr);
      return stdout.trim() === "" ? undefined : JSON.parse(stdout);
    };
    const UserPoolId = (await aws("create-user-pool", "--pool-name", "cli")).UserPool.Id;
    const { ClientId } = (await aws("create-user-pool-client", "--user-pool-id", UserPoolId, "--client-name", "app", "--explicit-auth-flows", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH")).UserPoolClient;
    const { UserSub } = await aws("sign-up", "--client-id", ClientId, "--username", "ana", "--password", password, "--no-sign-request");
    await aws("admin-confirm-sign-up", "--user-pool-id", UserPoolId, "--username", "ana");
    const { AuthenticationResult } = await aws("initiate-auth", "--client-id", ClientId, "--auth-flow", "USER_PASSWORD_AUTH", "--auth-parameters", `USERNAME=ana,PASSWORD=${password}`, "--no-sign-request");
    const user = await aws("get-user", "--access-token", AuthenticationResult.AccessToken, "--no-sign-request");
    assert.deepEqual(user, { Username: "ana", UserAttributes: [{ Name: "sub", Value: UserSub }] });
    await aws("admin-delete-user", "--user-pool-id", UserPoolId, "--username", "ana");
    await aws("delete-user-pool", "--user-pool-id", UserPoolId);
  });
});

describe("turntable users codes", () => {
  test("tells what would have been mailed", async () => {
    const { UserPoolId, ClientId } = await makePool();
    const email = `${uniqueName()}@example.com`;
    await idp.signUp({ ClientId, Username: "ana", Password: password, UserAttributes: pairs({ email }) });
    const { SignUp } = await codes(UserPoolId, "ana");
    const ask = async (...args) => {
      const child = turntable(["users", "codes", ...args, "--endpoint", endpoint]);
      assert.equal((await child.finished).code, 0, child.output.stderr);
      return child.output.stdout;
    };
    const line = (await ask()).split("\n").find((text) => text.includes(UserPoolId));
    assert.match(line, new RegExp(`^ana +${SignUp} +SignUp +${email} +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC +${UserPoolId}$`));
    assert.match(await ask("ana"), new RegExp(UserPoolId));
    assert.doesNotMatch(await ask("bob"), new RegExp(UserPoolId));
    const wrong = await turntable(["users", "--endpoint", endpoint]).finished;
    assert.equal(wrong.code, 2);
  });

  test("is for those who may", async () => {
    const { UserPoolId } = await makePool();
    const unsigned = await send(request(endpoint, { target: "Turntable.ListUserCodes", body: { UserPoolId }, headers: { "content-type": "application/x-amz-json-1.1" } }));
    assert.match(JSON.parse(unsigned.body).__type, /MissingAuthenticationTokenException$/);
  });
});

describe("operations that are refused", () => {
  const refusedOnes = listed("src/services/cognito_idp/operations.def").filter(({ refused }) => refused);

  for (const { name, refused: reason } of refusedOnes) {
    test(`${name} says why`, async () => {
      const answer = await call(endpoint, { target: `AWSCognitoIdentityProviderService.${name}`, body: {}, headers: { "content-type": "application/x-amz-json-1.1" } }, { service: "cognito-idp" });
      assert.equal(answer.json.__type, "UnsupportedOperationException");
      assert.equal(answer.json.message, `${name} is not served here: ${reason}.`);
    });
  }
});
