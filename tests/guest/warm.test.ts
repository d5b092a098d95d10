import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { appendFile, chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { digestText } from "../../core/files/digest.ts";
import { makeBuiltWorkshop } from "./built-workshop.ts";
import { tinsmith } from "./tinsmith.ts";

// Real virtual machines. One state of the setup image and one of the worker image serve all tests, in this order.

const workshop = makeBuiltWorkshop();
const home = { TINSMITH_HOME: join(workshop.folder, "tinsmith") };
const states = join(workshop.folder, "tinsmith/cache/states");
const known = join(workshop.folder, "tinsmith/known-states.json");

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  tinsmith(workshop, args, { env: { ...home, ...env } });
const rebuildOptions = ["rebuild", "worker", "--recipe", workshop.imageSet, "--warm", "--force"];
const rebuild = (env: Readonly<Record<string, string>> = {}) => run(rebuildOptions, env);
const randomAndTime = [
  "--no-tty",
  "--",
  "sh",
  "-c",
  "echo $(cat /proc/sys/kernel/random/uuid) $(date -u +%s)",
];

/** Reads what a guest has printed from the events of a session: its random number, and by how many seconds its clock was wrong then. */
function read(stdout: Buffer) {
  const events = `${stdout}`
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  for (const { text = "", time } of events) {
    const [, uuid = "", seconds] = /([0-9a-f-]{36})\s+(\d{10})/.exec(text) ?? [];
    if (seconds !== undefined) return { uuid, wrong: Math.abs(time / 1000 - Number(seconds)), text };
  }
  throw new Error(`the guest has not printed a number and a time: ${stdout}`);
}

/** Seconds: more than the guest's last output takes to the host, and than a second that has begun. */
const allowed = 3;

test("rebuilds continue from one state: each has the right time and random numbers of its own, and none boots", async () => {
  expect(await run(["warm", "setup", "--recipe", workshop.imageSet])).toMatchObject({ exitStatus: 0 });
  const setup = join(workshop.folder, "images/tinycore/setup.sh");
  const script = await readFile(setup, "utf8");
  const line =
    'post "seen $(cat /proc/sys/kernel/random/uuid) $(date -u +%s) $0 $(ls /opt | tr "\\n" " ")"\n';
  await writeFile(setup, script.replace('post "setup: done"', `${line}post "setup: done"`));
  const seen: string[] = [];
  for (const _ of [1, 2]) {
    const { exitStatus, stdout } = await run([...rebuildOptions, "--json"]);
    expect(exitStatus).toBe(0);
    expect(`${stdout}`).toContain('"step":"restore"');
    expect(`${stdout}`).not.toContain('"step":"boot"');
    const { uuid, wrong, text } = read(stdout);
    // The setup script finds itself where it is on the CD, and nothing of Tinsmith's own is in the image.
    expect(text).toContain("/mnt/sr0/setup.sh guest-tools start-guest-tools");
    expect(wrong).toBeLessThan(allowed);
    seen.push(uuid);
  }
  expect(new Set(seen).size).toBe(2);
  await writeFile(setup, script);
});

test("runs of what such a rebuild has made continue from one state, with the right time and random numbers of their own", async () => {
  const warm = () => run(["run", workshop.workerImage, "--warm", "--json", ...randomAndTime]);
  const outcomes = [await warm(), await warm()];
  const seen = outcomes.map(({ stdout, exitStatus }) => {
    expect(exitStatus).toBe(0);
    expect(`${stdout}`).toContain('"type":"state-restored"');
    const { uuid, wrong } = read(stdout);
    expect(wrong).toBeLessThan(allowed);
    return uuid;
  });
  expect(new Set(seen).size).toBe(2);
});

test("a run that needs to boot says why", async () => {
  const { stderr, stdout } = await run([
    "run",
    workshop.workerImage,
    "--warm",
    "--memory",
    "384",
    "--no-tty",
    "--",
    "uname",
  ]);
  expect(stderr).toContain("The VM boots, and does not continue from a saved state: it has other memory");
  expect(stdout.toString()).toBe("Linux\n");
});

test("another QEMU boots: a state belongs to the one that saved it", async () => {
  const wrapper = join(workshop.folder, "other-qemu");
  await writeFile(
    wrapper,
    '#!/bin/sh\n[ "$*" = --version ] && exec echo "QEMU emulator version 99.0"\nexec qemu-system-x86_64 "$@"\n',
  );
  await chmod(wrapper, 0o755);
  await appendFile(join(workshop.folder, "images/tinycore/worker.sh"), "# changed\n");
  const { exitStatus, stderr } = await rebuild({ TINSMITH_QEMU: wrapper });
  expect(stderr).toMatch(/^Boot: \d/m);
  expect(exitStatus).toBe(0);
});

test("a state that QEMU can't restore is deleted, and the build goes on without it", async () => {
  const before = readFileSync(known, "utf8");
  const { states: list } = JSON.parse(before);
  const keys = readdirSync(states).filter((name) => !name.endsWith(".partial"));
  // Known, and of no use: as a state that another QEMU of the same version has saved.
  for (const key of keys) {
    const folder = join(states, key);
    truncateSync(join(folder, "memory"), 4096);
    const digests = ["memory", "layer.qcow2"].map((name) => digestText(readFileSync(join(folder, name))));
    list[key].digest = digestText(digests.join(""));
  }
  writeFileSync(known, JSON.stringify({ ...JSON.parse(before), states: list }));
  const { exitStatus, stderr } = await rebuild();
  expect(stderr).toContain(
    "The saved state could not be restored, so Tinsmith deleted it, and boots the guest",
  );
  expect(stderr).toMatch(/^Boot: \d/m);
  expect(exitStatus).toBe(0);
  expect(readdirSync(states).length).toBe(keys.length - 1);
});
