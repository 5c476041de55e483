// Tells the page where its backend is: reads from standard input what `turntable deploy` prints, or Amplify's amplify_outputs.json, and
// prints the variables that Vite puts into the page (src/config.ts). Without the server's address the page asks AWS.
//
//     turntable deploy template.json --stack-name music | node connect.mjs http://127.0.0.1:8000 > .env.local
//     node connect.mjs http://127.0.0.1:8000 < ../amplify_outputs.json > .env.local
import { text } from "node:stream/consumers";

/** For each variable, the output of the stack that has its value, and the member of "auth" in Amplify's file. */
const names = {
  VITE_REGION: ["authRegion", "aws_region"],
  VITE_USER_POOL_ID: ["userPoolId", "user_pool_id"],
  VITE_USER_POOL_CLIENT_ID: ["webClientId", "user_pool_client_id"],
  VITE_IDENTITY_POOL_ID: ["identityPoolId", "identity_pool_id"],
};

function stop(problem) {
  console.error(`connect: ${problem}`);
  process.exit(1);
}

function authOf(json) {
  try {
    return JSON.parse(json).auth ?? {};
  } catch (error) {
    return stop(`the input is no JSON: ${error.message}`);
  }
}

const [endpoint, ...more] = process.argv.slice(2);
if (more.length > 0 || (endpoint !== undefined && !/^https?:\/\/[^\s/]+\/?$/.test(endpoint)))
  stop("the one argument is the server's address, such as http://127.0.0.1:8000");

const given = await text(process.stdin);
const auth = given.trimStart().startsWith("{") ? authOf(given) : undefined;
const valueOf = ([output, member]) => (auth ? auth[member] : new RegExp(`^ *output: ${output} = (.*)$`, "m").exec(given)?.[1]);

const lines = Object.entries(names).map(([variable, both]) => {
  const value = valueOf(both);
  if (typeof value !== "string" || !/^[\w:-]+$/.test(value)) stop(`there is no ${both[auth ? 1 : 0]} in the input`);
  return `${variable}=${value}`;
});
console.log([...lines, ...(endpoint ? [`VITE_ENDPOINT=${endpoint}`] : [])].join("\n"));
