// The browser of tests, which ends after them.

import { after } from "node:test";
import { closeBrowser } from "./chromium.js";

export * from "./chromium.js";

after(closeBrowser);
