// What the tests under kills share: one data folder, the servers that were started on it, and the count of what held.

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { printed } from "../lib/process.js";
import { temporaryFolder, turntable } from "../lib/server.js";
import { connect } from "./client.mjs";

export class Trial {
  passed = 0;
  failed = 0;
  folder = temporaryFolder();
  #started = [];

  /** A server on the folder, or with other arguments for where its data is: { child, endpoint, call, close }. */
  async start({ data = ["--data", this.folder], options = [] } = {}) {
    const child = turntable(["serve", ...data, ...options, "--listen", "127.0.0.1:0"]);
    this.#started.push(child);
    const [, endpoint] = await printed(child, /^turntable: listening on (\S+)$/m);
    return { child, endpoint, ...connect(endpoint) };
  }

  async kill(server) {
    server.child.kill("SIGKILL");
    const { signal } = await server.child.finished;
    server.close();
    assert.equal(signal, "SIGKILL", `the server ended by itself: ${server.child.output.stderr}`);
  }

  fail(what, error) {
    this.failed++;
    console.error(`${what}: ${error.stack}`);
  }

  async attempt(what, action) {
    try {
      const result = await action();
      this.passed++;
      return result;
    } catch (error) {
      this.fail(what, error);
    }
  }

  /** Runs the whole, looks at what all servers said, ends them, and prints the closing line that `./dev test` counts. */
  async run(main, closing = "") {
    await main().catch((error) => this.fail("the test", error));
    for (const child of this.#started) {
      if (/ERROR: \w+Sanitizer|runtime error:|internal error/.test(child.output.stderr)) this.fail("server", new Error(child.output.stderr));
      child.kill("SIGKILL");
    }
    if (this.failed === 0) rmSync(this.folder, { recursive: true });
    else console.error(`the data folder is kept: ${this.folder}`);
    console.log(`${this.passed} passed, ${this.failed} failed${closing}`);
    process.exitCode = this.failed === 0 ? 0 : 1;
  }
}
