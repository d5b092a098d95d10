import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openServedSession, type ServedSession } from "../../core/session/serve/served-session.ts";
import { findPaths } from "../../core/storage/paths.ts";
import { jsonLine } from "./print.ts";
import { tinsmith } from "./test-meta.ts";

// Each command is a process of its own, and all of them run side by side.
vi.setConfig({ testTimeout: 120_000 });

/** Clears the screen, sets the title, overwrites its line, and reverses what follows. */
const evil = "a\u001b[2J\u001b]0;owned\u0007\rb\u009bK\u202ec";
/** How it is shown. */
const shown = "a\\x1b[2J\\x1b]0;owned\\x07\\rb\\x9bK\\u{202e}c";
const obeyed = /[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}]/u;

let home: string;
let session: ServedSession;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "ts-"));
  mkdirSync(join(home, evil));
  writeFileSync(join(home, `${evil}.json`), JSON.stringify({ version: 1, [evil]: 1 }));
  session = await openServedSession(findPaths({ TINSMITH_HOME: home }), { title: evil, kind: "run" });
});
afterAll(async () => {
  await session[Symbol.asyncDispose]();
  rmSync(home, { recursive: true });
});

test.concurrent.for([
  "EVIL",
  "--EVIL",
  "inspect EVIL",
  "inspect --no-json EVIL",
  "extract EVIL.tar.lz4 out",
  "pack EVIL packed.tar.lz4",
  "pack missing-EVIL packed.tar.lz4",
  "pack . EVIL",
  "rebuild EVIL",
  "rebuild --recipe EVIL",
  "rebuild --timeout EVIL",
  "build from-new EVIL.json out.tar.lz4",
  "build from-image EVIL out.tar.lz4",
  "build from-image in.tar.lz4 EVIL",
  "choose EVIL",
  "run EVIL -- true",
  "run --env EVIL image.tar.lz4 -- true",
  "run --EVIL image.tar.lz4 -- true",
  "sessions",
  "sessions EVIL",
  "sessions export EVIL",
  "sessions export none --leave-out EVIL",
  "ls --session EVIL /",
  "get EVIL missing/EVIL",
  "shell --session EVIL",
  "kill --session EVIL",
  "power EVIL",
  "power off --session EVIL",
  "cd EVIL",
  "cd insert EVIL",
  "screen --session EVIL screen.png",
  "meta --socket missing/EVIL -- true",
  "serve --port EVIL",
  "doctor EVIL",
])("nothing that a terminal obeys comes out of tinsmith %s", async (words) => {
  const args = words.split(" ").map((word) => word.replace("EVIL", evil));
  const { stdout, stderr } = await tinsmith(home, args);
  const printed = `${stdout}${stderr}`;
  expect(printed).not.toMatch(obeyed);
  expect(printed).not.toBe("");
});

test("a name is shown with escapes, and means the same in JSON", async () => {
  expect((await tinsmith(home, ["inspect", evil])).stderr).toContain(shown);
  expect((await tinsmith(home, [evil])).stderr).toContain(`unknown command '${shown}'`);
  expect((await tinsmith(home, ["sessions"])).stdout.toString()).toContain(shown);
  const { stdout } = await tinsmith(home, ["sessions", "--json"]);
  expect(stdout.toString()).not.toMatch(obeyed);
  expect(JSON.parse(stdout.toString())).toMatchObject([{ title: evil }]);
  const beyond = "\u{e0001}\u{1f600}";
  expect(jsonLine(beyond)).toBe('"\\udb40\\udc01\u{1f600}"\n');
  expect(JSON.parse(jsonLine(beyond))).toBe(beyond);
});

test("commands print by way of print.ts, but for a log, a shell, a console, the version, and names, a reply and a file in a pipe", () => {
  const folder = join(import.meta.dirname, "..");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const others = files.filter((file) => /^[^.]+\.ts$/.test(file) && !file.includes("test-"));
  const writers = others.filter((file) =>
    /process(\.std(out|err)|\[\w+\])\.write|console\./.test(readFileSync(join(folder, file), "utf8")),
  );
  expect(writers.sort()).toEqual([
    "commands/contents/cat-image.ts",
    "commands/guest/action.ts",
    "commands/guest/ls.ts",
    "commands/guest/shell.ts",
    "commands/guest/terminal/console-terminal.ts",
    "commands/tasks/run-output.ts",
    "main.ts",
    "support/print.ts",
  ]);
});
