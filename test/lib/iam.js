// A client of IAM, and the policy documents that its tests write.
import { after } from "node:test";
import { IAM } from "@aws-sdk/client-iam";
import { credentials, region } from "./server.js";

export function makeIam(endpoint, options = {}) {
  const client = new IAM({ endpoint, region, credentials, maxAttempts: 1, ...options });
  after(() => client.destroy());
  return client;
}

export const policy = (...statements) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
export const allow = (Action, Resource = "*") => policy({ Effect: "Allow", Action, Resource });
export const trust = (Principal = { Service: "lambda.amazonaws.com" }, Action = "sts:AssumeRole") =>
  policy({ Effect: "Allow", Principal, Action });
