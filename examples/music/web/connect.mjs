// Tells the page where its backend is: reads what `turntable deploy` prints, from standard input, and prints the variables that Vite
// puts into the page (src/config.ts).
//
//     turntable deploy template.json --stack-name music | node connect.mjs http://127.0.0.1:8000 > .env.local
import { text } from "node:stream/consumers";

const outputs = {
  VITE_REGION: "authRegion",
  VITE_USER_POOL_ID: "userPoolId",
  VITE_USER_POOL_CLIENT_ID: "webClientId",
  VITE_IDENTITY_POOL_ID: "identityPoolId",
};

function stop(problem) {
  console.error(`connect: ${problem}`);
  process.exit(1);
}

const endpoint = process.argv[2];
if (process.argv.length !== 3 || !URL.canParse(endpoint)) stop("the one argument is the server's address, such as http://127.0.0.1:8000");

const printed = await text(process.stdin);
const lines = Object.entries(outputs).map(([variable, name]) => {
  const value = new RegExp(`^\\s*output: ${name} = ([\\w:-]+)$`, "m").exec(printed)?.[1];
  return value ? `${variable}=${value}` : stop(`there is no output ${name} in what was deployed`);
});
console.log([...lines, `VITE_ENDPOINT=${endpoint}`].join("\n"));
