// Makes of dist/ what the program embeds: each file packed by gzip and brotli where that helps, and a C header with all of
// them, which src/console/files.c includes. Paths in it are from the top of the source folder, where make runs.

import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const top = fileURLToPath(new URL("..", import.meta.url));
const built = "build/console";
const codings = {
  CONSOLE_PLAIN: { suffix: "", pack: (bytes) => bytes },
  CONSOLE_GZIP: { suffix: ".gz", pack: (bytes) => gzipSync(bytes, { level: 9 }) },
  CONSOLE_BROTLI: {
    suffix: ".br",
    pack: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  },
};
const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".woff2": "font/woff2",
};

/** What is sent of one file in each coding: { coding: { place, size } }; a packed one that is no smaller is left out. */
function pack(name, bytes) {
  const sent = {};
  for (const [coding, { suffix, pack }] of Object.entries(codings)) {
    const packed = pack(bytes);
    if (suffix && packed.length > bytes.length * 0.95) continue;
    const place = `${built}/packed/${name}${suffix}`;
    mkdirSync(path.dirname(path.join(top, place)), { recursive: true });
    writeFileSync(path.join(top, place), packed);
    sent[coding] = { place, size: packed.length };
  }
  return sent;
}

const text = (value) => JSON.stringify(value);

/** One file's bytes, as symbols of the assembler. */
const symbols = (sent, label) =>
  Object.entries(sent).flatMap(([coding, { place, size }]) => [
    `__asm__(".pushsection .rodata\\n${label}_${coding}:\\n.incbin ${text(place).replaceAll('"', '\\"')}\\n.popsection");`,
    `extern const char ${label}_${coding}[${size}];`,
  ]);

const entry = ({ name, hash, sent, label }) => {
  const type = types[path.extname(name)];
  if (!type) throw new Error(`${name}: of which type is this?`);
  const bytes = Object.entries(sent).map(([coding, { size }]) => `[${coding}] = {${label}_${coding}, ${size}}`);
  return `    {${text(name)}, ${text(type)}, ${text(hash)}, ${name.startsWith("assets/")}, {${bytes.join(", ")}}},`;
};

const dist = path.join(top, built, "dist");
rmSync(path.join(top, built, "packed"), { recursive: true, force: true });
const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((found) => found.isFile())
  .map((found) => path.relative(dist, path.join(found.parentPath, found.name)))
  .sort()
  .map((name, i) => {
    const bytes = readFileSync(path.join(dist, name));
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 20);
    return { name, hash, label: `console_file_${i}`, sent: pack(name, bytes) };
  });

const header = path.join(top, built, "embedded.h");
const list = [
  "/* Made by console/pack.mjs. */",
  ...files.flatMap(({ sent, label }) => symbols(sent, label)),
  "static const struct console_file embedded[] = {",
  ...files.map(entry),
  "};",
  "",
].join("\n");
// It has the hashes of all files, so where it is the same nothing changed, and nothing is to be compiled anew.
if (!existsSync(header) || readFileSync(header, "utf8") !== list) {
  writeFileSync(`${header}.new`, list);
  renameSync(`${header}.new`, header);
}
