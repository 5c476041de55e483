// A reporter for node --test: a line of JSON for each test, { file, name, passed, error }, where the name holds those of the
// suites around it: "CreateTable > describes the new table". Suites themselves are not reported unless they fail alone.

import path from "node:path";

export default async function* reporter(events) {
  const names = new Map(); // file -> the names of the tests that are open, by nesting
  const hasChildren = new Map(); // file -> for each nesting, whether anything below it was reported

  for await (const { type, data } of events) {
    if (!["test:start", "test:pass", "test:fail"].includes(type)) continue;
    const file = data.file ? path.basename(data.file) : "";
    if (!names.has(file)) {
      names.set(file, []);
      hasChildren.set(file, []);
    }
    const open = names.get(file);
    const below = hasChildren.get(file);
    open[data.nesting] = data.name;
    if (type === "test:start") continue;

    const parent = below[data.nesting + 1];
    below[data.nesting + 1] = false;
    below[data.nesting] = true;
    if (parent || data.details?.type === "suite") continue;
    const cause = data.details?.error?.cause ?? data.details?.error;
    yield JSON.stringify({
      file,
      name: open.slice(0, data.nesting + 1).join(" > "),
      passed: type === "test:pass",
      skipped: data.skip !== undefined || data.todo !== undefined,
      error: type === "test:fail" ? describe(cause) : undefined,
    }, plain) + "\n";
  }
}

const plain = (_, value) => (typeof value === "bigint" ? String(value) : value instanceof Set ? [...value] : value);

function describe(error) {
  const { actual, expected } = error ?? {};
  const text = typeof error === "string" ? error : (error?.message ?? String(error));
  return {
    text,
    ...(actual !== undefined && { actual }),
    ...(expected !== undefined && { expected: expected instanceof RegExp ? String(expected) : expected }),
  };
}
