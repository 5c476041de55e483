// Programs and settings that use the server, with its address and region filled in. No secret is in any of them, but in
// those that sessionVariables makes.

export interface Place {
  endpoint: string;
  region: string;
}

export type Shell = "sh" | "fish" | "powershell";

/** What a shell takes for "set this variable": values are those of the server, and quoted all the same. */
const setters: Record<Shell, (name: string, value: string) => string> = {
  sh: (name, value) => `export ${name}='${value.replaceAll("'", "'\\''")}'`,
  fish: (name, value) => `set -gx ${name} '${value.replace(/['\\]/g, "\\$&")}'`,
  powershell: (name, value) => `$env:${name} = '${value.replaceAll("'", "''")}'`,
};

const all = (shell: Shell, variables: Record<string, string>) =>
  Object.entries(variables)
    .map(([name, value]) => setters[shell](name, value))
    .join("\n");

export const variables = (shell: Shell, { endpoint, region }: Place) => all(shell, { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_DEFAULT_REGION: region });

export const environment = (shell: Shell, { endpoint }: Place) =>
  ({
    sh: `eval "$(turntable env --endpoint ${endpoint})"`,
    fish: `turntable env --shell fish --endpoint ${endpoint} | source`,
    powershell: `turntable env --shell powershell --endpoint ${endpoint} | Out-String | Invoke-Expression`,
  })[shell];

export const sessionVariables = (shell: Shell, place: Place, keys: { accessKeyId: string; secretAccessKey: string; sessionToken: string }) =>
  `${variables(shell, place)}\n${all(shell, { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey, AWS_SESSION_TOKEN: keys.sessionToken })}`;

export const profile = ({ endpoint, region }: Place) => `[profile turntable]
region = ${region}
endpoint_url = ${endpoint}`;

export const cli = ({ endpoint }: Place) => `export AWS_PROFILE=turntable
aws dynamodb list-tables

# before version 2.13, which does not read endpoint_url:
aws dynamodb list-tables --endpoint-url ${endpoint}`;

export const javascript = ({ endpoint, region }: Place) => `import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";

const client = new DynamoDBClient({ endpoint: "${endpoint}", region: "${region}" });
const dynamodb = DynamoDBDocumentClient.from(client);

const { Items } = await dynamodb.send(new ScanCommand({ TableName: "TrackTable", Limit: 10 }));
console.log(Items);`;

export const python = ({ endpoint, region }: Place) => `import boto3

dynamodb = boto3.resource("dynamodb", endpoint_url="${endpoint}", region_name="${region}")
print(dynamodb.Table("TrackTable").scan(Limit=10)["Items"])`;

export const java = ({ endpoint, region }: Place) => `import java.net.URI;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

DynamoDbClient dynamodb = DynamoDbClient.builder()
    .endpointOverride(URI.create("${endpoint}"))
    .region(Region.of("${region}"))
    .build();
System.out.println(dynamodb.listTables().tableNames());`;

export const sandbox = ({ endpoint, region }: Place) => `turntable sandbox --endpoint ${endpoint} --region ${region}`;

export const amplifyModule = `import { Amplify } from "aws-amplify";
import outputs from "./amplify_outputs.json";
import { turntableConfig } from "./amplify_outputs_turntable.mjs";

Amplify.configure(turntableConfig(outputs));`;

export const amplifyLines = ({ endpoint }: Place) => `import { Amplify } from "aws-amplify";
import { parseAmplifyConfig } from "aws-amplify/utils";
import outputs from "./amplify_outputs.json";

const config = parseAmplifyConfig(outputs);
config.Auth.Cognito.userPoolEndpoint = "${endpoint}";
config.Auth.Cognito.identityPoolEndpoint = "${endpoint}";
Amplify.configure(config);`;

export const cdk = (place: Place) => `${environment("sh", place)}
npx cdk deploy --all`;

export const cdkTemplates = ({ endpoint }: Place) => `npx cdk synth --quiet
turntable deploy cdk.out --endpoint ${endpoint}`;
