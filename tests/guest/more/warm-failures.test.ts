import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { beforeAll, expect, test } from "vitest";
import { digestText } from "../../../core/files/digest.ts";
import { cacheEntriesFolder, findPaths } from "../../../core/storage/paths.ts";
import { eventually } from "../../eventually.ts";
import { canMount, withMount } from "../../hard/places/works.ts";
import { letTimePass } from "../../let-time-pass.ts";
import { makeBuiltWorkshop } from "../built-workshop.ts";
import { type CommandOptions, tinsmith, tinsmithProgram } from "../tinsmith.ts";

// Virtual machines whose state must not be restored, or can't be saved, boot. They leave nothing behind.

const workshop = makeBuiltWorkshop();
const home = { TINSMITH_HOME: join(workshop.folder, "tinsmith"), TMPDIR: join(workshop.folder, "temporary") };
const paths = findPaths(home);
const states = cacheEntriesFolder(paths, "state");
mkdirSync(home.TMPDIR);

const run = (args: readonly string[], { env, ...options }: CommandOptions = {}) =>
  tinsmith(workshop, args, { ...options, env: { ...home, ...env } });
const warm = ["warm", "setup", "--recipe", workshop.imageSet];
const warmRebuild = ["rebuild", "worker", "--recipe", workshop.imageSet, "--warm", "--force"];

/** Rebuilds, and expects that it ends well. @returns the output on stderr */
async function rebuild(args: readonly string[] = [], env: CommandOptions["env"] = {}): Promise<string> {
  const { exitStatus, stderr } = await run([...warmRebuild, ...args], { env });
  expect(exitStatus, stderr).toBe(0);
  return stderr;
}

const booted = /^Boot: \d/m;
const restored = /^Restore: \d/m;

/** The keys of the saved states; a folder that is not whole counts, too. */
const keys = () => (existsSync(states) ? readdirSync(states) : []);

/** No process, socket, lock or temporary folder is left of the commands that have ended. */
async function expectNothingLeft(): Promise<void> {
  const processes = () => execaSync("pgrep", ["-f", "-a", workshop.folder], { reject: false }).stdout;
  await eventually(() => expect(processes()).toBe(""));
  expect(readdirSync(home.TMPDIR)).toEqual([]);
  expect(readdirSync(join(paths.cache, "scratch"))).toEqual([]);
  expect(readdirSync(paths.sockets)).toEqual([]);
  expect(keys().filter((name) => name.endsWith(".partial"))).toEqual([]);
}

/** Runs a command and kills it so many milliseconds after it has come so far. */
async function kill(
  args: readonly string[],
  hasComeSoFar: (stdout: string) => boolean,
  milliseconds: number,
) {
  let isKilled = false;
  const { exitStatus } = await run(args, {
    onStdout: (text, interrupt) => {
      if (isKilled || !hasComeSoFar(text)) return;
      isKilled = true;
      void letTimePass(milliseconds).then(() => interrupt("SIGKILL"));
    },
  });
  expect(exitStatus).toBeUndefined();
}

beforeAll(async () => {
  expect(await run(warm)).toMatchObject({ exitStatus: 0 });
});

test("another QEMU and another machine boot, and the state stays for its own", async () => {
  const wrapper = join(workshop.folder, "other-qemu");
  const version = '[ "$*" = --version ] && exec echo "QEMU emulator version 99.0"';
  writeFileSync(wrapper, `#!/bin/sh\n${version}\nexec qemu-system-x86_64 "$@"\n`, { mode: 0o755 });
  for (const stderr of [await rebuild([], { TINSMITH_QEMU: wrapper }), await rebuild(["--memory", "384"])]) {
    expect(stderr).toMatch(booted);
    expect(stderr).not.toContain("saved state");
  }
  expect(await rebuild()).toMatch(restored);
  await expectNothingLeft();
});

test("a rebuild that is killed while it restores a state costs neither the state nor the image", async () => {
  const before = [readFileSync(workshop.workerImage), keys()];
  for (const milliseconds of [0, 100, 200, 400])
    await kill([...warmRebuild, "--json"], (text) => text.includes('"step":"restore"'), milliseconds);
  expect([readFileSync(workshop.workerImage), keys()]).toEqual(before);
  expect(await rebuild()).toMatch(restored);
  await expectNothingLeft();
});

test("a state that was changed is deleted, which is said, and the build boots", async () => {
  const [key = ""] = keys();
  appendFileSync(join(states, key, "memory"), "!");
  const stderr = await rebuild();
  expect(stderr).toMatch(
    /In the cache, the state of .* \(\d+ MiB of memory\) .* was changed or damaged\. Tinsmith has deleted it\./,
  );
  expect(stderr).toMatch(booted);
  expect(keys()).toEqual([]);
  await expectNothingLeft();
});

test("one that is killed while it saves a state leaves nothing that the next one does not clear", async () => {
  const partial = () => keys().find((name) => name.endsWith(".partial"));
  const isWritten = () => existsSync(join(states, partial() ?? "none", "memory"));
  const moments = [() => existsSync(paths.sockets) && partial() !== undefined, isWritten];
  for (const hasCome of moments) {
    const child = execa(tinsmithProgram, warm, { env: { ...home, CI: "true" }, reject: false });
    await eventually(() => expect(hasCome()).toBe(true), { timeout: 200_000, interval: 5 });
    child.kill("SIGKILL");
    expect((await child).signal).toBe("SIGKILL");
    expect(keys()).toHaveLength(1);
  }
  const { exitStatus, stdout } = await run(warm);
  expect([exitStatus, stdout.toString()]).toEqual([0, expect.stringContaining("its state was saved in")]);
  expect(keys()).toHaveLength(1);
  await expectNothingLeft();
  expect(await rebuild()).toMatch(restored);
});

test("on a full disk no state is saved: tinsmith warm says so, and a run boots", async (context) => {
  if (!canMount()) context.skip("this user may not mount file systems on this host");
  const script = '"$@"; status=$?; ls -A "$0"; exit $status';
  const onFullDisk = async (...args: readonly string[]) => {
    const command = ["sh", "-c", script, states, tinsmithProgram, ...args];
    const [program = "", ...rest] = withMount("size=20m", states, command);
    return await execa(program, rest, { env: { ...home, CI: "true" }, reject: false });
  };
  const saving = await onFullDisk(...warm);
  expect(saving.stderr).toMatch(/error: there is not enough space to write \S+\.partial\/memory\n/);
  expect(saving).toMatchObject({ exitCode: 5, stdout: "" });
  const running = await onFullDisk("run", workshop.workerImage, "--warm", "--no-tty", "--", "uname");
  expect(running.stderr).toContain("The VM boots, and does not continue from a saved state: there is not");
  expect(running).toMatchObject({ exitCode: 0, stdout: "Linux" });
  await expectNothingLeft();
});

test("a state that QEMU can't restore is deleted and not made again by itself, and the build boots", async () => {
  const [key = ""] = keys();
  // Known, and of no use: as a state that another QEMU of the same version has saved.
  const folder = join(states, key);
  truncateSync(join(folder, "memory"), 4096);
  const list = JSON.parse(readFileSync(paths.knownStates, "utf8"));
  const digests = ["memory", "layer.qcow2"].map((name) => digestText(readFileSync(join(folder, name))));
  list.states[key].digest = digestText(digests.join(""));
  writeFileSync(paths.knownStates, JSON.stringify(list));
  const stderr = await rebuild();
  expect(stderr).toContain(
    "The saved state could not be restored, so Tinsmith deleted it, and boots the guest",
  );
  expect(stderr).toMatch(booted);
  expect(keys()).toEqual([]);
  expect(JSON.parse(readFileSync(paths.knownStates, "utf8")).refused).toHaveProperty(key);
  await expectNothingLeft();
});
