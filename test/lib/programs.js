// What the AWS CLI and boto3 need to speak to the server under test.

import { existsSync } from "node:fs";
import { credentials, region } from "./server.js";

export const environment = {
  ...process.env,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_DEFAULT_REGION: region,
  AWS_REGION: region,
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_PAGER: "",
  AWS_MAX_ATTEMPTS: "1",
};

/** Debian's own programs, whatever else is on the PATH. */
export const debian = (name) => (existsSync(`/usr/bin/${name}`) ? `/usr/bin/${name}` : name);
