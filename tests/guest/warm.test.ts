import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeBuiltWorkshop } from "./built-workshop.ts";
import { tinsmith } from "./tinsmith.ts";

// Real virtual machines. Their states are those that are saved for all guest tests.

const workshop = makeBuiltWorkshop();
const run = (args: readonly string[]) => tinsmith(workshop, args);
const rebuildOptions = ["rebuild", "worker", "--recipe", workshop.imageSet, "--warm", "--force"];
/** Prints a random number, and the time of the guest's clock: seconds and microseconds. */
const randomAndTime =
  "echo seen $(cat /proc/sys/kernel/random/uuid) $(sudo adjtimex | sed -n 's/.*tv_u*sec: *//p')";

/**
 * Reads what a guest has printed from the events of a session: its random number, and by how many seconds its clock was wrong.
 *
 * @param before the event after which the guest has printed that: on a busy host, the output takes a while to the host.
 */
function read(stdout: Buffer, before: (event: { type: string; text?: string }) => boolean) {
  const events = `${stdout}`
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const first = events.find(before)?.time / 1000;
  for (const { text = "", time } of events) {
    const [, uuid = "", seconds, micro] = /seen ([0-9a-f-]{36})\s+(\d{10})\s+(\d+)/.exec(text) ?? [];
    if (seconds === undefined) continue;
    const clock = Number(seconds) + Number(micro) / 1e6;
    return { uuid, wrong: Math.max(first - clock, clock - time / 1000), text };
  }
  throw new Error(`the guest has not printed a number and a time: ${stdout}`);
}

/** Seconds by which the clock of a restored guest may be wrong. */
const allowed = 2;

test("runs continue from one state, with the right time and random numbers of their own", async () => {
  const warm = () =>
    run(["run", workshop.workerImage, "--warm", "--json", "--no-tty", "--", "sh", "-c", randomAndTime]);
  const outcomes = [await warm(), await warm()];
  const seen = outcomes.map(({ stdout, exitStatus }) => {
    expect(exitStatus).toBe(0);
    expect(`${stdout}`).toContain('"type":"state-restored"');
    const { uuid, wrong } = read(stdout, ({ type }) => type === "guest-tools-started");
    expect(wrong).toBeLessThan(allowed);
    return uuid;
  });
  expect(new Set(seen).size).toBe(2);
});

test("rebuilds continue from one state: each has the right time and random numbers of its own, and none boots", async () => {
  const { stdout } = await run(["warm", "setup", "--recipe", workshop.imageSet]);
  expect(stdout.toString()).toBe("microcore-setup.tar.lz4: its state is saved already\n");
  const setup = join(workshop.folder, "images/tinycore/setup.sh");
  const script = await readFile(setup, "utf8");
  const line = `post "$(${randomAndTime}) $0 $(echo /opt/*)"\n`;
  await writeFile(setup, script.replace('post "setup: done"', `${line}post "setup: done"`));
  const seen: string[] = [];
  for (const _ of [1, 2]) {
    const { exitStatus, stdout } = await run([...rebuildOptions, "--json"]);
    expect(exitStatus).toBe(0);
    expect(`${stdout}`).toContain('"step":"restore"');
    expect(`${stdout}`).not.toContain('"step":"boot"');
    const { uuid, wrong, text } = read(stdout, ({ text = "" }) => text.startsWith("setup: save"));
    // The setup script finds itself where it is on the CD, and nothing of Tinsmith's own is in the image.
    expect(text).toContain("/mnt/sr0/setup.sh /opt/guest-tools /opt/start-guest-tools");
    expect(wrong).toBeLessThan(allowed);
    seen.push(uuid);
  }
  expect(new Set(seen).size).toBe(2);
  await writeFile(setup, script);
});

test("guest tools that can't be built end the QEMU that has loaded the state beside them, and their error is told", async () => {
  const recipe = join(workshop.imageSet, "recipe.yaml");
  const before = await readFile(recipe, "utf8");
  const newest = `$(ls -td ${workshop.folder}/tinsmith/sessions/* | head -n 1)`;
  const build = `until grep -q qemu-started "${newest}/events.jsonl"; do sleep 0.1; done; exit 3`;
  await writeFile(recipe, `${before}guestTools: {build: [sh, -c, ${JSON.stringify(build)}], binary: none}\n`);
  const { exitStatus, stderr } = await run(rebuildOptions);
  await writeFile(recipe, before);
  expect(exitStatus).toBe(5);
  expect(stderr).toContain("error: sh failed with exit status 3");
  const [, folder = ""] = /All logs: (.*)/.exec(stderr) ?? [];
  const events = await readFile(join(folder, "events.jsonl"), "utf8");
  expect(events).not.toContain('"change":"running"');
  expect(events.match(/"type":"(qemu-ended|build-failed)"/g)).toEqual([
    '"type":"qemu-ended"',
    '"type":"build-failed"',
  ]);
});

test("a run that needs to boot says why; what such a rebuild has made boots", async () => {
  const { stderr, stdout } = await run([
    "run",
    workshop.workerImage,
    "--warm",
    "--pcap",
    join(workshop.folder, "packets.pcap"),
    "--no-tty",
    "--",
    "uname",
  ]);
  expect(stderr).toContain(
    "The VM boots, and does not continue from a saved state: all packets of its network are recorded",
  );
  expect(stdout.toString()).toBe("Linux\n");
});

test("a run says that it boots to save a state of its image and memory, and the next one continues from that", async () => {
  const options = ["--warm", "--memory", "300", "--no-tty", "--timings", "--", "uname"];
  const warm = () => run(["run", workshop.workerImage, ...options]);
  const first = await warm();
  expect(first.stderr).toContain("note: This image has no saved state yet: the VM boots");
  expect(first.stderr).toMatch(/^ {2}Boot, and save the state +\d/m);
  expect(first.stderr).toMatch(/^ {2}Total +\d/m);
  expect(first.stderr.match(/emulated by QEMU/g) ?? []).not.toHaveLength(2);
  const second = await warm();
  expect(second.stderr).not.toContain("no saved state yet");
  expect(second.stderr).toContain("the VM continues from the state that was saved");
  expect(second.stdout.toString()).toBe("Linux\n");
  const saved = await run(["warm", "worker", "--recipe", workshop.imageSet, "--memory", "300"]);
  expect(saved.stdout.toString()).toBe("microcore-worker.tar.lz4: its state is saved already\n");
});
