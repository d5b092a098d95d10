import { createHash, type Hash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { letTimePass } from "../let-time-pass.ts";
import { untilGone } from "./processes.ts";
import { type OpenShell, openShell } from "./shell.ts";
import { type Stage, setStage } from "./stage.ts";

// The guest tools and the service as they are, without a virtual machine between them. All tests ask the same tools,
// whose task ignores SIGTERM and has children. A shell whose reader stalls is open meanwhile, and is read to its end
// last.

const script = `
  trap '' TERM
  echo "pid $$"
  sleep 1000 & echo "pid $!"
  (sleep 1000 & echo "pid $!"; wait) & echo "pid $!"
  echo ready
  wait`;

/** Longer than a guest may be silent, and than a write may take. */
const stall = 60_000;
const shellWindow = 64 * 1024;
const large = randomBytes(50e6);

let stage: Stage;
let stalled: {
  readonly since: number;
  readonly shell: OpenShell;
  readonly held: (() => void)[];
  readonly digest: Hash;
};
let isStalled = true;
let received = 0;

const actions = () => stage.service().actions;

beforeAll(async () => {
  stage = await setStage({ script });
  writeFileSync(join(stage.folder, "large"), large);
  const held: (() => void)[] = [];
  const digest = createHash("sha256");
  const command = ["cat", join(stage.folder, "large")];
  const shell = await openShell(actions(), { command }, (_stream, bytes, consumed) => {
    digest.update(bytes);
    received += bytes.length;
    if (isStalled) held.push(consumed);
    else consumed();
  });
  stalled = { since: performance.now(), shell, held, digest };
  await stage.untilLogged("ready");
});
afterAll(() => stage[Symbol.asyncDispose]());

test("10,000 files, and names of every kind, are listed", async () => {
  const tree = join(stage.folder, "tree");
  const names = [
    "a file",
    "line\nbreak",
    "tab\t",
    "ümlaut",
    "日本",
    "-dash",
    "$(echo no)",
    "'\"\\",
    "\u001b[31m",
    " ",
  ];
  mkdirSync(join(tree, "deep/er"), { recursive: true });
  mkdirSync(join(tree, "many"));
  const files = [
    ...names.map((name) => join(tree, name)),
    join(tree, "deep/er/file"),
    ...Array.from({ length: 10_000 }, (_, index) => join(tree, "many", `${index}`)),
  ];
  for (const file of files) writeFileSync(file, "");
  const listing = await actions().listFolder(tree);
  expect(listing.notFound).toBe(false);
  expect(listing.files.toSorted()).toEqual(files.toSorted());
  const [odd] = names.slice(1);
  const target = join(stage.folder, "copy of an odd name");
  await expect(actions().getArtifact(join(tree, odd ?? ""), target)).resolves.toEqual({ bytes: 0 });
});

test("a folder that is not there is told from an empty one", async () => {
  const empty = join(stage.folder, "empty");
  mkdirSync(empty);
  expect(await actions().listFolder(empty)).toEqual({ files: [], notFound: false });
  expect(await actions().listFolder(join(empty, "none"))).toEqual({ files: [], notFound: true });
});

test("an artifact of 64 MB arrives byte for byte", async () => {
  const bytes = randomBytes(64 * 1024 ** 2);
  const [source, target] = [join(stage.folder, "source"), join(stage.folder, "target")];
  writeFileSync(source, bytes);
  expect(await actions().getArtifact(source, target)).toEqual({ bytes: bytes.length });
  expect(readFileSync(target).equals(bytes)).toBe(true);
});

test.each(["not there", "a folder"])("what is %s is no artifact, and leaves none", async (what) => {
  const target = join(stage.folder, "no artifact");
  const source = what === "a folder" ? stage.folder : join(stage.folder, what);
  await expect(actions().getArtifact(source, target)).rejects.toMatchObject({ code: "guest-file-missing" });
  expect(readdirSync(stage.folder)).not.toContain("no artifact");
});

test("a shell without a terminal passes bytes of every value both ways, to its end, and its success", async () => {
  const shell = await openShell(actions(), { command: ["sh", "-c", "cat | tee /dev/stderr; exit 1"] });
  const bytes = Buffer.alloc(300_000, Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))).toString(
    "latin1",
  );
  await shell.write(Buffer.from(bytes));
  await shell.end();
  expect(await shell.ended).toEqual({ success: false });
  expect([shell.stdout(), shell.stderr()].map((text) => text === bytes)).toEqual([true, true]);
});

test("a terminal has its size, and follows it", async () => {
  const shell = await openShell(actions(), { command: ["sh"], tty: true });
  shell.resize(100, 30);
  await shell.write(Buffer.from("stty size\r"));
  await eventually(() => expect(shell.stdout()).toContain("30 100"));
  shell.resize(132, 43);
  // The size and the line go different ways to the command.
  await eventually(
    async () => {
      await shell.write(Buffer.from("stty size\r"));
      expect(shell.stdout()).toContain("43 132");
    },
    { interval: 200 },
  );
  await shell.write(Buffer.from("exit\r"));
  expect(await shell.ended).toEqual({ success: true });
});

test("a full-screen program fills its terminal, is drawn anew at another size, and takes keys", async () => {
  const shell = await openShell(actions(), { command: ["top", "-d", "100"], tty: true });
  shell.resize(100, 30);
  await eventually(() => expect(shell.stdout()).toContain("load average"));
  const before = shell.stdout().length;
  shell.resize(60, 20);
  await eventually(() => expect(shell.stdout().slice(before)).toContain("load average"));
  await shell.write(Buffer.from("q"));
  expect(await shell.ended).toEqual({ success: true });
});

test("a shell that is aborted has ended, and its command with it", async () => {
  const shell = await openShell(actions(), { command: ["sh", "-c", "echo $$; exec sleep 1000"] });
  await eventually(() => expect(shell.stdout()).toMatch(/\n$/));
  shell.abort();
  expect(await shell.ended).toEqual({ success: false });
  await untilGone([Number(shell.stdout())]);
});

test("actions of all kinds at once don't wait for each other", async () => {
  const shells = await Promise.all(
    Array.from({ length: 6 }, () =>
      openShell(actions(), { command: ["sh", "-c", "read line; echo $line; seq 20000"] }),
    ),
  );
  const files = ["a", "b", "c"].map((name) => {
    writeFileSync(join(stage.folder, name), name.repeat(1e6));
    return actions().getArtifact(join(stage.folder, name), join(stage.folder, `copy of ${name}`));
  });
  const listed = actions().listFolder(stage.folder);
  for (const [index, shell] of shells.entries()) void shell.write(Buffer.from(`shell ${index}\n`));
  expect(await Promise.all(files)).toEqual(Array(3).fill({ bytes: 1e6 }));
  expect((await listed).files).toContain(join(stage.folder, "a"));
  const numbers = Array.from({ length: 20_000 }, (_, index) => `${index + 1}\n`).join("");
  for (const [index, shell] of shells.entries()) {
    expect(await shell.ended).toEqual({ success: true });
    expect(shell.stdout() === `shell ${index}\n${numbers}`).toBe(true);
  }
});

test("a kill ends the task and all that it started, though they ignore SIGTERM, and spares shells", async () => {
  const pids = [...stage.logged().matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid));
  expect(pids).toHaveLength(4);
  await actions().killProcess();
  expect(stage.results).toEqual([]);
  await eventually(() => expect(stage.results).toEqual(["failed"]));
  await untilGone(pids);
  expect(stage.logged()).toMatch(/the task was killed on request\r\n$/);
});

test("50 MB of a shell's output come whole and in order after its reader has stalled for a minute", async () => {
  const { since, shell, held, digest } = stalled;
  await letTimePass(Math.max(0, since + stall - performance.now()));
  expect(received).toBe(shellWindow);
  isStalled = false;
  for (const consumed of held) consumed();
  expect(await shell.ended).toEqual({ success: true });
  expect(received).toBe(large.length);
  expect(digest.digest("hex")).toBe(createHash("sha256").update(large).digest("hex"));
}, 120_000);
