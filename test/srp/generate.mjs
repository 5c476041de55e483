// Writes vectors.txt: exchanges of SRP with every number of them, as amazon-cognito-identity-js computes the client's side.
//
// It is given its secrets, which it otherwise draws; those of the last exchange are such that the salt, A and B begin with a zero
// byte, which is where clients and servers that pad numbers differently part. Run it again after a change, where the package is
// installed; it gives the same file each time.
//
//     cd test/libraries && npm ci --ignore-scripts && node ../srp/generate.mjs

import { createDiffieHellman, createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "package.json"));
const { default: AuthenticationHelper } = require("amazon-cognito-identity-js/lib/AuthenticationHelper");
const { default: BigInteger } = require("amazon-cognito-identity-js/lib/BigInteger");
const { Sha256 } = require("@aws-crypto/sha256-js");

const timestamp = "Thu Nov 6 14:56:04 UTC 2026";
const integer = (hex) => new BigInteger(hex, 16);
const random = (name, length) => createHash("shake256", { outputLength: length }).update(name).digest("hex");

function power(helper, base, exponent) {
  let result;
  base.modPow(exponent, helper.N, (_, value) => (result = value));
  return result;
}

/** The first of names that are counted up whose bytes are such that `accepts`. */
function search(name, length, accepts) {
  for (let i = 0; ; i++) {
    const bytes = random(`${name} ${i}`, length);
    if (accepts(bytes)) return bytes;
  }
}

/** g^exponent, faster than the package. */
const group = createDiffieHellman(new AuthenticationHelper("any").N.toString(16), "hex", "02", "hex");
function fastPower(exponent) {
  group.setPrivateKey(Buffer.from(exponent, "hex"));
  return group.generateKeys("hex").padStart(768, "0");
}

function exchange({ pool, user, password, short }) {
  const helper = new AuthenticationHelper(pool);
  const salt = search(`${user} salt`, 16, (hex) => !short || hex.startsWith("00"));
  const a = search(`${user} a`, 32, (hex) => !short || fastPower(hex).startsWith("00"));
  const x = integer(helper.hexHash(helper.padHex(integer(salt)) + helper.hash(`${pool}${user}:${password}`)));
  const v = power(helper, helper.g, x);
  const kv = BigInt(`0x${helper.k.multiply(v).toString(16)}`), n = BigInt(`0x${helper.N.toString(16)}`);
  const B = (b) => ((kv + BigInt(`0x${fastPower(b)}`)) % n).toString(16).padStart(768, "0");
  const b = search(`${user} b`, 32, (hex) => !short || B(hex).startsWith("00"));
  helper.smallAValue = integer(a);
  helper.largeAValue = power(helper, helper.g, helper.smallAValue);
  let key;
  helper.getPasswordAuthenticationKey(user, password, integer(B(b)), integer(salt), (_, value) => (key = value));
  const block = `the block of ${user}`;
  const hmac = new Sha256(key);
  hmac.update(Buffer.from(`${pool}${user}${block}${timestamp}`));
  const hex = (value) => value.toString(16);
  return {
    pool, user, password, salt, b, verifier: hex(v), A: hex(helper.largeAValue), B: hex(integer(B(b))),
    key: Buffer.from(key).toString("hex"), block, timestamp, signature: Buffer.from(hmac.digestSync()).toString("hex"),
  };
}

const exchanges = [
  { pool: "AbCdEfGhI", user: "alice", password: "Passw0rd!" },
  { pool: "r4nDoM123", user: "7a3f9a0e-7d1b-4c55-9d6f-0f1e2d3c4b5a", password: "pässwörd ✓" },
  { pool: "AbCdEfGhI", user: "bob", password: "All of it is short", short: true },
].map(exchange);
const text = exchanges.map((e) => Object.entries(e).map(([name, value]) => `${name} ${value}\n`).join("")).join("\n");
writeFileSync(new URL("vectors.txt", import.meta.url), `# Written by generate.mjs.\n\n${text}`);
