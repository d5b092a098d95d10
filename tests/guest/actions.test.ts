import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { spawn } from "node-pty";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { makeBuiltWorkshop } from "./built-workshop.ts";
import { type Outcome, tinsmith } from "./tinsmith.ts";

// One guest, whose task ignores SIGTERM and has children, is asked for everything; killing it comes last.

const workshop = makeBuiltWorkshop();
const names = ["a file", "line\nbreak", "ümlaut", "-dash", "$(echo no)", "'quoted'"];

const prepare = [
  "mkdir -p /tmp/tree/deep/er /tmp/empty",
  "cd /tmp/tree",
  `for name in ${names.map((name) => `"${name.replaceAll("$", "\\$")}"`).join(" ")}; do echo x >"./$name"; done`,
  "echo x >deep/er/file",
  "mkdir many; i=0; while [ $i -lt 2000 ]; do : >many/$i; i=$((i + 1)); done",
  "dd if=/dev/urandom of=/tmp/large bs=1M count=64 2>/dev/null",
  "sha256sum </tmp/large",
  "trap '' TERM",
  "sleep 10000 & (trap '' TERM; sleep 10000 & wait) &",
  "echo ready",
  "while :; do wait; sleep 1; done",
].join("\n");

let ended: Promise<Outcome>;
let said = "";
let interrupt = (_signal: NodeJS.Signals) => {};

const ask = (...args: readonly string[]) => tinsmith(workshop, args);

beforeAll(async () => {
  const session = Promise.withResolvers<void>();
  ended = tinsmith(workshop, ["run", "--json", workshop.workerImage, "--", "sh", "-c", prepare], {
    onStdout: (text, kill) => {
      said = text;
      interrupt = kill;
      // The terminal ends lines so; the command, which is recorded too, has no such end.
      if (text.includes("ready\\r\\n")) session.resolve();
    },
  });
  await Promise.race([
    session.promise,
    ended.then(() => Promise.reject(new Error(`the run ended: ${said}`))),
  ]);
});
afterAll(() => interrupt("SIGKILL"));

test("a folder's files are listed, whatever their names are", async () => {
  const { exitStatus, stdout } = await ask("ls", "--null", "/tmp/tree");
  expect(exitStatus).toBe(0);
  const paths = stdout.toString().split("\0").filter(Boolean);
  expect(paths.filter((path) => !path.includes("/many/")).sort()).toEqual(
    [...names, "deep/er/file"].map((name) => `/tmp/tree/${name}`).sort(),
  );
  expect(paths.filter((path) => path.includes("/many/"))).toHaveLength(2_000);
});

test("an empty folder is no error, and one that is not there is", async () => {
  expect(await ask("ls", "/tmp/empty")).toMatchObject({ exitStatus: 0 });
  const missing = await ask("ls", "/tmp/nothing");
  expect(missing.exitStatus).toBe(1);
  expect(missing.stderr).toContain("/tmp/nothing");
});

test("an artifact of 64 MB arrives byte for byte", async () => {
  const target = join(workshop.folder, "large");
  expect(await ask("get", "/tmp/large", target)).toMatchObject({ exitStatus: 0 });
  const digest = createHash("sha256").update(readFileSync(target)).digest("hex");
  expect(said).toContain(digest);
});

test("a file that is not there leaves none here", async () => {
  const { exitStatus, stderr } = await ask("get", "/tmp/nothing", join(workshop.folder, "nothing"));
  expect(exitStatus).toBe(1);
  expect(stderr).toContain("/tmp/nothing");
});

test("a shell without a terminal gives its output unchanged, and its success", async () => {
  const bytes = await ask("shell", "--no-tty", "--", "sh", "-c", "cat /tmp/large | head -c 5000000; exit 1");
  expect(bytes.exitStatus).toBe(1);
  expect(bytes.stdout.equals(readFileSync(join(workshop.folder, "large")).subarray(0, 5_000_000))).toBe(true);
  expect(await ask("shell", "--no-tty", "--", "true")).toMatchObject({ exitStatus: 0 });
});

test("a shell in a terminal follows its size, and runs a full-screen program", async () => {
  const program = resolve(import.meta.dirname, "../../tinsmith");
  const env = { ...process.env, XDG_STATE_HOME: workshop.folder, XDG_RUNTIME_DIR: workshop.folder };
  const terminal = spawn(program, ["shell"], { cols: 100, rows: 30, cwd: workshop.folder, env });
  let shown = "";
  terminal.onData((text) => {
    shown += text;
  });
  const exited = new Promise<number>((done) => terminal.onExit(({ exitCode }) => done(exitCode)));
  const until = (text: string) => eventually(() => expect(shown).toContain(text));
  terminal.write("stty size\r");
  await until("30 100");
  terminal.resize(132, 43);
  // The new size and the line go different ways to the guest's terminal.
  await eventually(
    () => {
      terminal.write("stty size\r");
      expect(shown).toContain("43 132");
    },
    { interval: 500 },
  );
  terminal.write("vi /tmp/tree/deep/er/file\r");
  await until("\x1b[43;1H");
  terminal.write(":q!\r");
  terminal.write("exit\r");
  expect(await exited).toBe(0);
});

test("killing the task ends all its processes, though they ignore SIGTERM, and it has failed", async () => {
  expect(await ask("kill")).toMatchObject({ exitStatus: 0 });
  expect(await ended).toMatchObject({ exitStatus: 1 });
  expect(said).toContain('"task-result","result":"failed"');
});
