// turntable import and export: files into tables and back.

import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { pages } from "../lib/turntable.js";
import { start } from "../lib/process.js";
import { binary, clientEnvironment, open, temporaryFolder } from "./lib.js";

const { ddb, folder, client, endpoint } = await open();
let files = 0;

function file(ending, content) {
  const name = `rows${++files}.${ending}`;
  writeFileSync(path.join(folder, name), content);
  return name;
}

async function table(TableName, keys = { id: "S" }) {
  const names = Object.keys(keys);
  await ddb.createTable({
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: keys[AttributeName] })),
    KeySchema: names.map((AttributeName, i) => ({ AttributeName, KeyType: i === 0 ? "HASH" : "RANGE" })),
  });
  return TableName;
}

const items = async (TableName) =>
  (await pages((input) => ddb.scan(input), { TableName })).Items.sort((a, b) => (a.id.S < b.id.S ? -1 : 1));

const done = ({ code, stdout, stderr }) => assert.equal(code, 0, stdout + stderr);

describe("import", () => {
  test("reads DynamoDB JSON, plain JSON, Ion and CSV, each told by the file", async () => {
    const TableName = await table("Formats");
    done(
      await client([
        "import",
        TableName,
        file("json", '{"Item":{"id":{"S":"a"},"s":{"SS":["x","y"]},"b":{"B":"AQI="}}}\n'),
        file("jsonl", '{"id":"b","n":1.50,"l":[true,null,{"x":"y"}]}\n'),
        file("ion", '$ion_1_0 {Item:{id:"c",n:6d2,s:$dynamodb_NS::[1.,2.]}}\n'),
        file("csv", 'id,n,"a,b"\nd,7,"say ""yes"""\n'),
        file("tsv", "id\tx\ne\t1\n"),
      ]),
    );
    assert.deepEqual(await items(TableName), [
      { id: { S: "a" }, s: { SS: ["x", "y"] }, b: { B: Uint8Array.of(1, 2) } },
      { id: { S: "b" }, n: { N: "1.5" }, l: { L: [{ BOOL: true }, { NULL: true }, { M: { x: { S: "y" } } }] } },
      { id: { S: "c" }, n: { N: "600" }, s: { NS: ["1", "2"] } },
      { id: { S: "d" }, n: { S: "7" }, "a,b": { S: 'say "yes"' } },
      { id: { S: "e" }, x: { S: "1" } },
    ]);
  });

  test("says how many rows it wrote", async () => {
    const TableName = await table("Said");
    const { stdout, code } = await client(["import", TableName, file("jsonl", '{"id":"a"}\n{"id":"b"}\n')]);
    assert.equal(code, 0);
    assert.match(stdout, /^2 rows into Said in \d+\.\d s \([\d,]+ rows\/s\), 0 rejected\n$/);
  });

  test("gives the columns of CSV their types", async () => {
    const TableName = await table("Types", { id: "S", at: "N" });
    const csv = file("csv", "id;at;price;ok;code;bin;none\na;5;1.50;true;007;AQI=;\n");
    done(await client(["import", TableName, csv, "--delimiter", ";", "--types", "price:N,bin:B", "--infer"]));
    assert.deepEqual(await items(TableName), [
      {
        id: { S: "a" }, at: { N: "5" }, price: { N: "1.5" }, ok: { BOOL: true }, code: { S: "007" },
        bin: { B: Uint8Array.of(1, 2) },
      },
    ]);
    done(await client(["import", TableName, file("txt", "b|6|x\n"), "--format", "csv", "--delimiter=|", "--header", "id,at,c"]));
    assert.deepEqual((await items(TableName))[1], { id: { S: "b" }, at: { N: "6" }, c: { S: "x" } });
  });

  test("unpacks gzip and zstd by the file's ending", async () => {
    const TableName = await table("Packed");
    done(await client(["import", TableName, file("jsonl.gz", gzipSync('{"id":"a"}\n{"id":"b"}\n'))]));
    assert.equal((await items(TableName)).length, 2);
    const cut = gzipSync(Array.from({ length: 5000 }, (_, i) => `{"id":"${i * 7919}"}\n`).join("")).subarray(0, -9);
    const { code, stderr } = await client(["import", TableName, file("jsonl.gz", cut)]);
    assert.equal(code, 1);
    assert.match(stderr, /^turntable: rows\d+\.jsonl\.gz:\d+: its packed data ends too early$/m);
    assert.match(stderr, /the rows before that are in the table/);
  });

  test("tells every rejected row with file, line, attribute and reason, and takes the others", async () => {
    const TableName = await table("Rejected", { id: "S" });
    const name = file(
      "jsonl",
      ['{"id":"a"}', '{"id":5}', "nonsense", '{"x":1}', '{"id":""}', `{"id":"big","x":"${"x".repeat(500000)}"}`, '{"id":"z","n":1e200}', '{"id":"b"}', ""].join("\n"),
    );
    const { code, stdout, stderr } = await client(["import", TableName, name, "--rejects", "rejects.jsonl"]);
    assert.equal(code, 1);
    assert.match(stdout, /^2 rows into Rejected .* 6 rejected$/m);
    for (const line of [
      "2: id: as a key of the table it has the type S, and here N",
      "3: it is no JSON",
      "4: id: it is a key of the table, and missing",
      "6: Item size has exceeded the maximum allowed size",
      "7: n: Number overflow. Attempting to store a number with magnitude larger than supported range",
    ]) {
      assert.ok(stderr.includes(`turntable: ${name}:${line}\n`), `${line}\n${stderr}`);
    }
    assert.match(stderr, new RegExp(`^turntable: ${name}:5: One or more parameter values`, "m"));
    const told = readFileSync(path.join(folder, "rejects.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line));
    told.sort((a, b) => a.Line - b.Line);
    assert.deepEqual(told.map((row) => row.Line), [2, 3, 4, 5, 6, 7]);
    assert.deepEqual(told[0], {
      File: name, Line: 2, Attribute: "id", Reason: "as a key of the table it has the type S, and here N", Record: '{"id":5}',
    });
    assert.equal(told[3].Record, '{"id":""}');
    assert.deepEqual(await items(TableName), [{ id: { S: "a" } }, { id: { S: "b" } }]);
  });

  test("lets the last row of a key win, over many rows and connections", async () => {
    const TableName = await table("Order");
    const rows = Array.from({ length: 6000 }, (_, i) => `{"id":"k${i % 50}","n":${i}}\n`).join("");
    done(await client(["import", TableName, file("jsonl", rows), "--connections", "8"]));
    const found = await items(TableName);
    assert.equal(found.length, 50);
    for (const item of found) assert.equal(Number(item.n.N), 5950 + Number(item.id.S.slice(1)));
  });

  test("makes the table with --create, and refuses one with other keys", async () => {
    const rows = file("jsonl", '{"artist":"a","song":1}\n');
    done(await client(["import", "Made", rows, "--create", "artist:S,song:N"]));
    done(await client(["import", "Made", rows, "--create", "artist:S,song:N"]));
    const { Table } = await ddb.describeTable({ TableName: "Made" });
    assert.deepEqual(Table.KeySchema, [
      { AttributeName: "artist", KeyType: "HASH" },
      { AttributeName: "song", KeyType: "RANGE" },
    ]);
    assert.equal(Table.ItemCount, 1);
    const other = await client(["import", "Made", rows, "--create", "artist:S"]);
    assert.equal(other.code, 1);
    assert.match(other.stderr, /other keys than --create says/);
  });

  test("refuses wrong command lines, tables that are not there and files that cannot be read", async () => {
    const rows = file("jsonl", '{"id":"a"}\n');
    for (const args of [
      [], ["T"], ["T", rows, "--format", "xml"], ["T", rows, "--delimiter", "x"], ["T", rows, "--delimiter", "tabs"],
      ["T", rows, "--types", "price"], ["T", rows, "--types", "price:M"], ["T", rows, "--create", "id"],
      ["T", rows, "--header", "a,a"], ["T", rows, "--connections", "0"], ["T", rows, "--connections", "65"],
    ]) {
      const { code, stderr } = await client(["import", ...args]);
      assert.equal(code, 2, `${args}: ${stderr}`);
      assert.match(stderr, /^turntable: import: /);
    }
    const missing = await client(["import", "Nowhere", rows]);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /ResourceNotFoundException/);
    await table("There");
    const unread = await client(["import", "There", "no-such-file"]);
    assert.equal(unread.code, 1);
    assert.match(unread.stderr, /cannot read no-such-file: No such file/);
    const directory = await client(["import", "There", "."]);
    assert.equal(directory.code, 1);
    assert.match(directory.stderr, /it is a folder/);
  });

  test("says after Ctrl-C how far it came, and that is true", async () => {
    const TableName = await table("Interrupted", { id: "S" });
    const child = start(binary, ["import", TableName, "-", "--format", "jsonl"], {
      env: clientEnvironment(endpoint), cwd: folder, stdio: ["pipe", "pipe", "pipe"],
    });
    child.stdin.on("error", () => {});
    let sent = 0;
    let stopped = false;
    let asked = false;
    child.finished.then(() => (stopped = true));
    while (!stopped) {
      let text = "";
      for (let i = 0; i < 500; i++) text += `{"id":"${String(++sent).padStart(9, "0")}"}\n`;
      if (!child.stdin.write(text)) await Promise.race([once(child.stdin, "drain").catch(() => {}), child.finished]);
      // Some rows are in the table, and there is no end to those that come.
      if (!asked && (await ddb.scan({ TableName, Limit: 1 })).Count > 0) asked = child.kill("SIGINT");
    }
    const { code } = await child.finished;
    assert.equal(code, 1, child.output.stderr);
    const [, line] = /interrupted behind line (\d+) of /.exec(child.output.stderr);
    const found = await items(TableName);
    assert.equal(found.length, Number(line));
    assert.ok(found.length > 0 && found.length < sent);
    assert.equal(Number(found.at(-1)?.id.S), Number(line));
  });
});

describe("export", () => {
  const rows = [
    { id: { S: "a" }, n: { N: "1.5" }, s: { SS: ["x", "y"] }, b: { B: Uint8Array.of(1, 2) } },
    { id: { S: "b" }, "with,comma": { S: 'say "yes"\nand no' }, z: { NULL: true }, m: { M: { l: { L: [{ BOOL: true }] } } } },
  ];

  async function filled(TableName) {
    await table(TableName);
    for (const Item of rows) await ddb.putItem({ TableName, Item });
    return TableName;
  }

  const sortedLines = (text) => text.trim().split("\n").sort();

  test("writes each format", async () => {
    await filled("Out");
    done(await client(["export", "Out", "out"]));
    assert.deepEqual(
      sortedLines(readFileSync(path.join(folder, "out/Out.json"), "utf8")).map((line) => JSON.parse(line)),
      [
        { Item: { id: { S: "a" }, n: { N: "1.5" }, s: { SS: ["x", "y"] }, b: { B: "AQI=" } } },
        { Item: { id: { S: "b" }, "with,comma": { S: 'say "yes"\nand no' }, z: { NULL: true }, m: { M: { l: { L: [{ BOOL: true }] } } } } },
      ],
    );
    done(await client(["export", "Out", "out", "--format", "jsonl", "--gzip"]));
    assert.deepEqual(
      sortedLines(gunzipSync(readFileSync(path.join(folder, "out/Out.jsonl.gz"))).toString()).map((line) => JSON.parse(line)),
      [
        { id: "a", n: 1.5, s: ["x", "y"], b: "AQI=" },
        { id: "b", "with,comma": 'say "yes"\nand no', z: null, m: { l: [true] } },
      ],
    );
    done(await client(["export", "Out", "out", "--format", "ion"]));
    const ion = readFileSync(path.join(folder, "out/Out.ion"), "utf8");
    assert.match(ion, /^\$ion_1_0 \{Item:\{.*s:\$dynamodb_SS::\["x","y"\].*\}\}$/m);
    assert.match(ion, /'with,comma':"say \\"yes\\"\\nand no"/);
    done(await client(["export", "Out", "out", "--format", "csv", "--delimiter", ";"]));
    const csv = readFileSync(path.join(folder, "out/Out.csv"), "utf8");
    assert.match(csv, /^id;b;m;n;s;with,comma;z\n/);
    assert.match(csv, /^a;AQI=;;1.5;"\{""SS"":\[""x"",""y""\]\}";;$/m);
    assert.deepEqual(readdirSync(path.join(folder, "out")).sort(), ["Out.csv", "Out.ion", "Out.json", "Out.jsonl.gz"]);
  });

  test("gives back by import what it wrote, over many pages and segments", async () => {
    const TableName = await table("Many");
    const lines = Array.from({ length: 3000 }, (_, i) => `{"id":"${i}","n":${i},"text":"${"x".repeat(900)}"}\n`).join("");
    done(await client(["import", TableName, file("jsonl", lines)]));
    const before = await items(TableName);
    assert.equal(before.length, 3000);
    for (const format of ["json", "ion"]) {
      done(await client(["export", TableName, "many", "--format", format, "--gzip", "--connections", "5"]));
      const back = await table(`Back-${format}`);
      done(await client(["import", back, `many/Many.${format}.gz`]));
      assert.deepEqual(await items(back), before);
    }
  });

  test("fails cleanly", async () => {
    for (const args of [[], ["Out"], ["Out", "x", "y"], ["Out", "x", "--format", "xml"], ["Out", "x", "--connections", "x"]]) {
      const { code } = await client(["export", ...args]);
      assert.equal(code, 2, `${args}`);
    }
    const missing = await client(["export", "Nowhere", "nowhere"]);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /ResourceNotFoundException/);
    assert.ok(!existsSync(path.join(folder, "nowhere")));
    await filled("Blocked");
    const blocked = await client(["export", "Blocked", "/proc/nowhere"]);
    assert.equal(blocked.code, 1);
    assert.match(blocked.stderr, /cannot write: .*no file was written/);
  });
});

test("both tell their help", async () => {
  for (const command of ["import", "export"]) {
    const { code, stdout } = await client([command, "--help"]);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^usage: turntable ${command} TABLE`));
  }
});
