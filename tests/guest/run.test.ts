import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { PNG } from "pngjs";
import { expect, test } from "vitest";
import type { SessionEvent } from "../../shared/session/session-event.ts";
import { makeBuiltWorkshop } from "./built-workshop.ts";
import { type CommandOptions, type Outcome, tinsmith } from "./tinsmith.ts";

const workshop = makeBuiltWorkshop();

function coldRun(args: readonly string[], options?: CommandOptions): Promise<Outcome> {
  return tinsmith(workshop, ["run", workshop.workerImage, ...args], options);
}

/** For tests whose subject is not the boot. */
function run(args: readonly string[], options?: CommandOptions): Promise<Outcome> {
  return coldRun(["--warm", ...args], options);
}

/** Processes of QEMU or a relay that belong to the workshop. */
function processes(): string {
  const { stdout } = execaSync("pgrep", ["-f", "-a", `${workshop.folder}/tinsmith/run`], { reject: false });
  return stdout;
}

test("a command that succeeds runs with its environment, on a tty, in a guest with an address by DHCP", async () => {
  const script = 'echo "hello $NAME"; tty; ifconfig eth0';
  const { exitStatus, stdout } = await coldRun(["--env", "NAME=big world", "--", "sh", "-c", script]);
  const log = stdout.toString();
  expect(log).toContain("hello big world\r\n");
  expect(log).toContain("/dev/pts/0\r\n");
  expect(log).toMatch(/inet addr:169\.254\.\d+\.\d+/);
  expect(exitStatus).toBe(0);
});

test("what the guest has shown on its console and screen is written, with its times", async () => {
  const { stdout } = await tinsmith(workshop, ["sessions", "--all", "--json"]);
  const [newest] = JSON.parse(stdout.toString());
  const folder = join(workshop.folder, "recording");
  const written = await tinsmith(workshop, ["sessions", "recording", newest.id, folder]);
  expect(written.stderr).toBe("");
  const cast = readFileSync(join(folder, "serial.cast"), "utf8").trimEnd().split("\n");
  const [head, ...output] = cast.map((line) => JSON.parse(line));
  expect(head).toMatchObject({ version: 2, width: 80, height: 24 });
  expect(output.map(([, , text]) => text).join("")).toContain("microcore");
  const times = output.map(([time]) => time);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  // QEMU starts first.
  expect(times[0]).toBeGreaterThan(0);
  const pictures = readdirSync(join(folder, "screens"));
  expect(written.stdout.toString()).toContain(`${pictures.length} picture`);
  const last = PNG.sync.read(readFileSync(join(folder, "screens", `${pictures.at(-1)}`)));
  expect([last.width, last.height]).toEqual([720, 400]);
});

test("a session records the VM's changes, and the stages of the boot in their order", async () => {
  const { stdout } = await tinsmith(workshop, ["sessions", "--all", "--json"]);
  const [newest] = JSON.parse(stdout.toString());
  const lines = readFileSync(join(workshop.folder, "tinsmith/sessions", newest.id, "events.jsonl"), "utf8");
  const events = lines
    .trim()
    .split("\n")
    .map((line): SessionEvent => JSON.parse(line));
  const changes = events.flatMap((event) => (event.type === "vm-changed" ? event.change : []));
  expect(changes[0]).toBe("running");
  expect(changes).toContain("shut down");
  const stages = events.flatMap((event) => (event.type === "boot-stage" ? event.stage : []));
  // This guest's loader and kernel print nothing: they were seen at the processor, the loader unless it was too quick.
  expect(stages.slice(-2)).toEqual(["kernel", "userland"]);
  const times = ["qemu-started", "vm-changed", "boot-stage", "guest-tools-started", "task-result"].map(
    (type) => events.find((event) => event.type === type)?.time ?? Number.NaN,
  );
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  expect(times).not.toContain(Number.NaN);
});

test("two guests at once each have a MetaService of their own", async () => {
  const outcomes = await Promise.all(["one", "two"].map((name) => run(["--", "sh", "-c", `echo ${name}`])));
  expect(outcomes.map(({ stdout }) => stdout.toString())).toEqual(["one\r\n", "two\r\n"]);
  expect(outcomes.map(({ exitStatus }) => exitStatus)).toEqual([0, 0]);
});

test("a guest that this host has not the memory for is refused, with the figures", async () => {
  const { exitStatus, stderr } = await run(["--memory", "900000", "--", "true"]);
  expect(stderr).toMatch(/needs 900000 MiB of memory, and this host can give \d+ MiB/);
  expect(exitStatus).toBe(5);
});

test("a command that fails gives 1", async () => {
  const { exitStatus, stdout } = await run(["--", "sh", "-c", "echo so far; exit 1"]);
  expect(stdout.toString()).toBe("so far\r\n");
  expect(exitStatus).toBe(1);
});

test("without a terminal a command's lines end in LF, and its own exit status can be the run's", async () => {
  const { exitStatus, stdout, stderr } = await run([
    "--no-tty",
    "--exit-status",
    "--",
    "sh",
    "-c",
    "cat; tty; exit 7",
  ]);
  expect(stdout.toString()).toBe("not a tty\n");
  expect(stderr).toContain("the task failed: exit status 7");
  expect(exitStatus).toBe(7);
});

test("a command that does not exist has failed, and the log says why", async () => {
  const { exitStatus, stdout } = await run(["--", "no-such-command"]);
  expect(stdout.toString()).toContain("no-such-command");
  expect(exitStatus).toBe(1);
});

const megabytes = 20;
/** Makes the file and prints its digest, which the host then finds in the log. */
const makeFile = `dd if=/dev/urandom of=/tmp/file bs=1M count=${megabytes} 2>/dev/null; sha256sum < /tmp/file`;

/** Takes the digest's line out of a log, wherever it came, and compares the rest with it. */
function expectWhole(log: Buffer): void {
  const [line = "", digest] = /([0-9a-f]{64}) {2}-\r?\n/.exec(log.toString("latin1")) ?? [];
  const at = log.indexOf(line, 0, "latin1");
  const file = Buffer.concat([log.subarray(0, at), log.subarray(at + line.length)]);
  expect(file.length).toBe(megabytes * 1024 * 1024);
  expect(createHash("sha256").update(file).digest("hex")).toBe(digest);
}

test("a large file sent by post-log arrives byte for byte", async () => {
  const { exitStatus, stdout } = await run([
    "--",
    "sh",
    "-c",
    `${makeFile}; /opt/guest-tools post-log /tmp/file`,
  ]);
  expect(exitStatus).toBe(0);
  expectWhole(stdout);
});

test("the raw output of a task that has told its tty to leave it alone arrives byte for byte", async () => {
  const { exitStatus, stdout } = await run(["--", "sh", "-c", `stty -opost; ${makeFile}; cat /tmp/file`]);
  expect(exitStatus).toBe(0);
  expectWhole(stdout);
});

test("a guest that powers off without a result has lost its guest tools", async () => {
  const { exitStatus, stderr } = await run(["--", "poweroff", "-f"]);
  expect(stderr).toContain("error: the guest powered off before it reported a result");
  expect(stderr).toContain("Last lines of the serial console:");
  expect(exitStatus).toBe(3);
});

test("a task that takes too long is ended", async () => {
  const { exitStatus, stderr } = await run(["--timeout", "10", "--", "sleep", "1000"]);
  expect(stderr).toContain("error: the task had not ended within the run's time-out of 10 s");
  expect(existsSync(/Last screen: (.+)/.exec(stderr)?.[1] ?? "")).toBe(true);
  expect(exitStatus).toBe(4);
  expect(processes()).toBe("");
});

test("Ctrl-C ends everything", async () => {
  let interrupted = false;
  const { exitStatus } = await run(["--", "sleep", "1000"], {
    onStderr: (text, interrupt) => {
      if (interrupted || !text.includes("the guest tools have started")) return;
      interrupted = true;
      interrupt("SIGINT");
    },
  });
  expect(exitStatus).toBe(130);
  expect(processes()).toBe("");
});

test("with --keep-alive the guest stays after the result, until Ctrl-C; the exit status is the result's", async () => {
  let interrupted = false;
  let during = "";
  const { exitStatus, stdout } = await run(["--keep-alive", "--", "sh", "-c", "echo done; exit 1"], {
    onStderr: (text, interrupt) => {
      if (interrupted || !text.includes("Ctrl-C ends it")) return;
      interrupted = true;
      during = processes();
      interrupt("SIGINT");
    },
  });
  expect(during).toContain("qemu-system");
  expect(stdout.toString()).toBe("done\r\n");
  expect(exitStatus).toBe(1);
  expect(processes()).toBe("");
});
