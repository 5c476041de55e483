// Starts and stops DynamoDB Local, Amazon's own emulator, from the jar that amplify-dynamodb-simulator ships.

import net from "node:net";
import path from "node:path";
import { createRequire } from "node:module";
import { start } from "./process.js";

const simulator = createRequire(import.meta.url).resolve("amplify-dynamodb-simulator/package.json");
const folder = path.join(path.dirname(simulator), "emulator");

async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function connects(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.on("connect", () => (socket.destroy(), resolve(true)));
    socket.on("error", () => resolve(false));
  });
}

/** Starts DynamoDB Local in memory; resolves with { endpoint, stop } once it accepts connections. */
export async function startOracle() {
  const port = await freePort();
  const child = start(
    "java",
    ["-Djava.library.path=./DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar", "-inMemory", "-port", String(port)],
    { cwd: folder },
  );
  let ended;
  child.finished.then((result) => (ended = result));
  while (!(await connects(port))) {
    if (ended) throw new Error(`DynamoDB Local ended: ${JSON.stringify(ended)}\n${child.output.stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async stop() {
      child.kill("SIGTERM");
      await child.finished;
    },
  };
}
