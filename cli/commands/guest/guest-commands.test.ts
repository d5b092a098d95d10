import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { letTimePass } from "../../../tests/let-time-pass.ts";
import { type GuestScript, startTestGuest, type TestGuest } from "../../support/test-guest.ts";
import { outcomeOf, startMeta, startTinsmith, type TestMeta, tinsmith } from "../../support/test-meta.ts";
import { playCommand } from "../../support/test-play-command.ts";

// Each command is a process of its own, which takes its time on a busy host.
vi.setConfig({ testTimeout: 30_000 });

// All of these talk, by the program itself, to one MetaService and a guest that the test plays.

const hostileName = "/data/two\nlines\u001b[31m";
const large = randomBytes(3_000_000);
const output = randomBytes(5_000_000);

const script: GuestScript = {
  files: { "/data/a b": "hello", [hostileName]: "", "/data/deep/ünï": "x", "/data/large": large },
  shell: async ({ action, input, print, sizes }) => {
    const [command = "", ...args] = action.command;
    switch (command) {
      case "":
        await print(`default shell, ${action.tty ? "tty" : "no tty"}`);
        return true;
      case "args":
        await print(JSON.stringify(args));
        return true;
      case "fail":
        return false;
      case "cat":
        for await (const bytes of input) await print(bytes);
        return true;
      case "until-end":
        for await (const bytes of input) {
          await print(bytes);
          if (bytes.at(-1) === 4) break;
        }
        return true;
      case "large":
        await print(output);
        return true;
      case "sh":
        return await playCommand({ action, input, print, sizes });
      case "size": {
        const { value } = await sizes.next();
        await print(value);
        return true;
      }
      default:
        await print("up");
        await new Promise(() => {});
        return false;
    }
  },
};

let meta: TestMeta;
let guest: TestGuest;

beforeAll(async () => {
  meta = await startMeta("--keep-alive");
  guest = startTestGuest({ socketPath: meta.socketPath }, script);
});

afterAll(async () => {
  await guest[Symbol.asyncDispose]();
  await meta[Symbol.asyncDispose]();
});

const run = (...args: string[]) => tinsmith(meta.home, args);

test("ls prints the paths as they are, one a line", async () => {
  const { exitStatus, stdout } = await run("ls", "/data");
  expect(stdout.toString()).toBe(`/data/a b\n${hostileName}\n/data/deep/ünï\n/data/large\n`);
  expect(exitStatus).toBe(0);
});

test("ls tells paths with line breaks apart, for scripts", async () => {
  const paths = Object.keys(script.files);
  expect((await run("ls", "-0", "/data", "--session", meta.id)).stdout.toString()).toBe(
    `${paths.join("\0")}\0`,
  );
  expect(JSON.parse((await run("ls", "--json", "/data")).stdout.toString())).toEqual(paths);
});

test("ls of a folder that is not there fails, and says so", async () => {
  const { exitStatus, stdout, stderr } = await run("ls", "/nowhere\n");
  expect(stderr).toContain("error: the guest has no folder /nowhere\\n");
  expect(stdout.toString()).toBe("");
  expect(exitStatus).toBe(1);
});

test("get puts a file here under its own name, byte for byte, and says where and how large it is", async () => {
  const { exitStatus, stdout } = await run("get", "/data/large");
  const target = join(meta.home, "large");
  expect(stdout.toString()).toBe(`${target}: 3.0 MB\n`);
  expect(readFileSync(target).equals(large)).toBe(true);
  expect(exitStatus).toBe(0);
});

test("get leaves an existing file alone, unless it is forced to replace it", async () => {
  const target = join(meta.home, "existing");
  writeFileSync(target, "old");
  const refused = await run("get", "/data/a b", "existing");
  expect(refused.stderr).toContain(`error: ${target} already exists`);
  expect(refused.exitStatus).toBe(2);
  const missing = await run("get", "/data/missing", "existing", "--force");
  expect(missing.exitStatus).toBe(1);
  expect(readFileSync(target, "utf8")).toBe("old");
  expect((await run("get", "/data/a b", "existing", "--force")).exitStatus).toBe(0);
  expect(readFileSync(target, "utf8")).toBe("hello");
  expect(readdirSync(meta.home).filter((name) => name.includes("existing"))).toEqual(["existing"]);
});

test("get of a file that is not there fails, says so, and leaves nothing", async () => {
  const { exitStatus, stderr } = await run("get", "/data/missing");
  expect(stderr).toContain("/data/missing");
  expect(exitStatus).toBe(1);
  expect(readdirSync(meta.home).filter((name) => name.includes("missing"))).toEqual([]);
});

test("put copies a file into the guest, byte for byte with its mode, and says where and how large it is", async () => {
  writeFileSync(join(meta.home, "source"), large, { mode: 0o750 });
  const target = join(meta.home, "in the guest");
  const { exitStatus, stdout, stderr } = await run("put", "source", target);
  expect(stderr).toBe("");
  expect(stdout.toString()).toBe(`${target}: 3.0 MB\n`);
  expect(readFileSync(target).equals(large)).toBe(true);
  expect(statSync(target).mode & 0o777).toBe(0o750);
  expect(exitStatus).toBe(0);
  expect((await run("put", "missing", target)).stderr).toContain("missing does not exist");
  expect((await run("put", "source", "relative")).exitStatus).toBe(2);
});

test("kill asks the guest tools to, and says whether there is a task to kill", async () => {
  await using meta = await startMeta("--keep-alive");
  await using guest = startTestGuest({ socketPath: meta.socketPath }, script);
  const kill = () => tinsmith(meta.home, ["kill"]);

  const early = await kill();
  expect(early.stdout.toString()).toBe(
    "The task has not started yet: the guest tools will kill it when it starts.\n",
  );
  expect(early.exitStatus).toBe(0);

  await guest.task();
  const running = await kill();
  expect(running.stdout.toString()).toBe("The guest tools are killing the task's processes.\n");
  expect(running.exitStatus).toBe(0);

  await guest.finish("failed");
  const late = await kill();
  expect(late.stderr).toContain("error: the task has ended already: nothing was killed");
  expect(late.stdout.toString()).toBe("");
  expect(late.exitStatus).toBe(1);
  expect(guest.asked).toEqual(["kill-process", "kill-process"]);

  // A guest that restarts runs its task again.
  await guest.task();
  expect((await kill()).exitStatus).toBe(0);
});

test("shell passes the command's arguments, and its success", async () => {
  const args = ["with space", "", "--option", "ünï\n"];
  const { exitStatus, stdout } = await run("shell", "--", "args", ...args);
  expect(JSON.parse(stdout.toString())).toEqual(args);
  expect(exitStatus).toBe(0);
  expect((await run("shell", "--", "fail")).exitStatus).toBe(1);
});

test("shell without a command is the guest's own, without a terminal in a pipe", async () => {
  expect((await run("shell")).stdout.toString()).toBe("default shell, no tty");
  expect((await run("shell", "--tty")).stdout.toString()).toBe("default shell, tty");
});

test("shell passes input on to its end, in both directions byte for byte", async () => {
  const { exitStatus, stdout } = await tinsmith(meta.home, ["shell", "--", "cat"], large);
  expect(stdout.equals(large)).toBe(true);
  expect(exitStatus).toBe(0);
});

test("shell types the end of input in a terminal: once after a line, twice within one", async () => {
  const typed = async (input: string) => {
    const { stdout } = await tinsmith(meta.home, ["shell", "--tty", "--", "until-end"], input);
    return stdout.toString();
  };
  expect(await typed("line\n")).toBe("line\n\u0004");
  expect(await typed("half")).toBe("half\u0004\u0004");
});

test("shell's output comes whole and in order to a reader that stalls", async () => {
  const child = startTinsmith(meta.home, ["shell", "--", "large"]);
  child.stdin.end();
  await once(child.stdout, "readable");
  // Nobody reads until the CLI can't write more: it is then in the middle of its output.
  await letTimePass(500);
  expect(child.exitCode).toBe(null);
  const { exitStatus, stdout } = await outcomeOf(child);
  const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
  expect(stdout.length).toBe(output.length);
  expect(digest(stdout)).toBe(digest(output));
  expect(exitStatus).toBe(0);
});

test("shell without a size to tell says 80x24", async () => {
  expect((await run("shell", "--tty", "--", "size")).stdout.toString()).toBe("80x24");
});

test("Ctrl-C ends a shell without a terminal, and the session goes on", async () => {
  const child = startTinsmith(meta.home, ["shell", "--no-tty", "--", "forever"]);
  await once(child.stdout, "data");
  child.kill("SIGINT");
  const { exitStatus, stderr } = await outcomeOf(child);
  expect(stderr).toContain("error: interrupted");
  expect(exitStatus).toBe(130);
  expect((await run("ls", "/data")).exitStatus).toBe(0);
});

test("sessions lists what runs", async () => {
  const text = (await run("sessions")).stdout.toString();
  expect(text).toMatch(new RegExp(`^${meta.id}  meta +\\d.* s  MetaService for make test\n$`));
  const [session] = JSON.parse((await run("sessions", "--json")).stdout.toString());
  expect(session).toMatchObject({ id: meta.id, kind: "meta", folder: join(meta.home, "sessions", meta.id) });
});

test("a session that is not there is an error that names the nearest one", async () => {
  const { exitStatus, stderr } = await run("ls", "/", "--session", `${meta.id}0`);
  expect(stderr).toContain(`Did you mean ${meta.id}?`);
  expect(exitStatus).toBe(2);
});

test("guest tools that run on this host are not replaced", async () => {
  const { exitStatus, stderr } = await run("replace-tools");
  expect(stderr).toContain(`session ${meta.id} is not a run of an image`);
  expect(exitStatus).toBe(2);
});

test("where there is no virtual machine, what controls one says so", async () => {
  for (const args of [
    ["power", "pause"],
    ["cd", "eject"],
    ["screen", "shot.png"],
    ["screen", "--text"],
  ]) {
    const { exitStatus, stderr } = await run(...args);
    expect(stderr).toMatch(/session \S+ has no virtual machine now/);
    expect(exitStatus).toBe(3);
  }
});
