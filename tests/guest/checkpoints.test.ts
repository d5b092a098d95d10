import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { makeBuiltWorkshop } from "./built-workshop.ts";
import { type Outcome, tinsmith } from "./tinsmith.ts";

// One guest goes back and forth. Its task counts until it finds a file; then it ends, and the guest is kept.

const workshop = makeBuiltWorkshop();
const sessions = join(workshop.folder, "tinsmith/sessions");
const task =
  "i=0; until [ -e /tmp/end ]; do i=$((i+1)); echo count $i; echo $i >/tmp/count; sleep 0.3; done; echo over";

let ended: Promise<Outcome>;
let interrupt = (_signal: NodeJS.Signals) => {};
let printed = "";

const ask = (...args: readonly string[]) => tinsmith(workshop, args);
const sh = async (script: string) => (await ask("shell", "--", "sh", "-c", script)).stdout.toString();
const goBack = async (name: string) => {
  expect(await ask("checkpoint", "go-back", name)).toMatchObject({ exitStatus: 0, stderr: "" });
};
const folder = () =>
  join(
    sessions,
    readdirSync(sessions)
      .sort()
      .find((name) => !name.startsWith(".")) ?? "",
  );
const events = () =>
  readFileSync(join(folder(), "events.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const has = (text: string) => eventually(() => expect(printed).toContain(text), { timeout: 120_000 });

beforeAll(async () => {
  const ready = Promise.withResolvers<void>();
  const run = ["run", "--keep-alive", "--memory", "512", workshop.workerImage, "--", "sh", "-c", task];
  ended = tinsmith(workshop, run, {
    onStdout: (text, kill) => {
      printed = text;
      interrupt = kill;
      if (text.includes("count 3")) ready.resolve();
    },
  });
  await Promise.race([ready.promise, ended.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
});
afterAll(async () => {
  interrupt("SIGINT");
  await ended;
});

test("memory, disk and the task go back; a shell and a download that are open end with words, and both consoles go on", async () => {
  await sh(
    "echo before >/tmp/memory; head -c 4096 /dev/zero | tr '\\0' a | dd of=/dev/vda seek=4000 conv=fsync",
  );
  const made = await ask("checkpoint", "make", "first", "--json");
  const { size } = JSON.parse(made.stdout.toString());
  expect(size).toBeGreaterThan(20_000_000);
  expect(size).toBeLessThan(300_000_000);
  const count = Number(await sh("cat /tmp/count"));

  await sh(
    "echo after >/tmp/memory; head -c 4096 /dev/zero | tr '\\0' b | dd of=/dev/vda seek=4000 conv=fsync",
  );
  await sh("dd if=/dev/zero of=/tmp/large bs=1M count=150");
  const shell = ask("shell", "--", "sh", "-c", "echo shell is open; sleep 1000");
  const download = ask("get", "/tmp/large", join(workshop.folder, "large"));
  const bodies = () => events().filter(({ type, action }) => type === "action-answered" && action > 0).length;
  const before = bodies();
  await eventually(() => expect(bodies()).toBeGreaterThanOrEqual(before + 2), { timeout: 60_000 });
  await goBack("first");
  for (const open of [await shell, await download]) {
    expect(open.exitStatus).not.toBe(0);
    expect(open.stderr).toContain('was ended by Go back to "first"');
  }

  expect(await sh("cat /tmp/memory; dd if=/dev/vda skip=4000 count=1 2>/dev/null | head -c 3")).toBe(
    "before\naaa",
  );
  expect(Number(await sh("cat /tmp/count"))).toBeLessThan(count + 60);
  const again = printed.length;
  await eventually(() => expect(printed.slice(again)).toMatch(/count \d+/), { timeout: 60_000 });
  expect(readFileSync(join(folder(), "task.log"), "utf8")).toContain('\n--- went back to "first" ---\n');
  expect(readFileSync(join(folder(), "serial.log"), "utf8")).toContain(
    '\r\n--- went back to "first" ---\r\n',
  );
  await sh("echo to the console >/dev/ttyS0");
  await eventually(() =>
    expect(readFileSync(join(folder(), "serial.log"), "utf8")).toContain("to the console"),
  );
  expect(await ask("screen", join(workshop.folder, "screen.png"))).toMatchObject({ exitStatus: 0 });
  const cut = events().filter(({ why }) => why === 'ended by Go back to "first"');
  expect(cut.length).toBeGreaterThanOrEqual(3);
  await eventually(
    async () => {
      const behind = Date.now() / 1000 - Number(await sh("date -u +%s"));
      expect(Math.abs(behind)).toBeLessThan(5);
    },
    { timeout: 60_000 },
  );
});

test("the CD of the checkpoint is in the drive again, also if the virtual machine is paused, which it stays", async () => {
  const discs = ["one", "two"].map((name) => join(workshop.folder, name));
  for (const disc of discs) {
    mkdirSync(disc);
    writeFileSync(join(disc, "name"), disc);
  }
  const [one = "", two = ""] = discs;
  await ask("cd", "insert", one);
  expect(await sh("mkdir -p /mnt/cd && mount /dev/sr0 /mnt/cd && cat /mnt/cd/name")).toBe(one);
  await ask("checkpoint", "make", "second");
  await sh("umount /mnt/cd");
  await ask("cd", "insert", two);
  expect(await sh("mount /dev/sr0 /mnt/cd && cat /mnt/cd/name")).toBe(two);
  await ask("power", "pause");
  await goBack("second");
  expect(await ask("power", "resume")).toMatchObject({ exitStatus: 0 });
  expect(await sh("cat /mnt/cd/name; umount /mnt/cd; mount /dev/sr0 /mnt/cd && cat /mnt/cd/name")).toBe(
    one + one,
  );
  await sh("umount /mnt/cd");
  await ask("cd", "eject");
});

test("two checkpoints are gone back and forth to; a task that has ended goes on from before its end", async () => {
  await goBack("first");
  expect(await sh("ls /mnt/cd 2>&1 || true")).toContain("/mnt/cd");
  await goBack("second");
  expect(await sh("cat /mnt/cd/name")).toBe(join(workshop.folder, "one"));
  await sh("touch /tmp/end");
  await has("over");
  const results = () =>
    events()
      .filter(({ type }) => type.startsWith("task-re"))
      .map(({ type }) => type);
  await eventually(() => expect(results()).toEqual(["task-result"]), { timeout: 60_000 });
  await goBack("first");
  await eventually(() => expect(results()).toEqual(["task-result", "task-reopened"]));
  const again = printed.length;
  await eventually(() => expect(printed.slice(again)).toMatch(/count \d+/), { timeout: 60_000 });
  await sh("touch /tmp/end");
  await eventually(() => expect(results()).toEqual(["task-result", "task-reopened", "task-result"]), {
    timeout: 60_000,
  });
});

test("checkpoints are listed, renamed and deleted, for this user alone; an unknown name is told with the nearest", async () => {
  expect(await ask("checkpoint", "rename", "second", "with the CD")).toMatchObject({ exitStatus: 0 });
  const list = (await ask("checkpoint", "list")).stdout.toString();
  expect(list).toMatch(/^\d\d:\d\d:\d\d +\d+\.\d MB {2}first\n\d\d:\d\d:\d\d +\d+\.\d MB {2}with the CD\n$/);
  const files = readdirSync(join(folder(), "working")).filter((name) => name.endsWith(".memory"));
  expect(files).toHaveLength(2);
  for (const file of files) expect(statSync(join(folder(), "working", file)).mode & 0o777).toBe(0o600);
  expect((await ask("checkpoint", "go-back", "firts")).stderr).toContain('Do you mean "first"?');
  expect((await ask("checkpoint", "make", "first")).exitStatus).toBe(2);
  expect(await ask("checkpoint", "delete", "first")).toMatchObject({ exitStatus: 0 });
  expect(readdirSync(join(folder(), "working")).filter((name) => name.endsWith(".memory"))).toHaveLength(1);
  await goBack("with the CD");
});

test("checkpoints are deleted with the session; its log has them", async () => {
  interrupt("SIGINT");
  await ended;
  expect(readdirSync(folder())).not.toContain("working");
  const made = events().filter(({ type }) => type === "checkpoint-made");
  expect(made.map(({ name }) => name)).toEqual(["first", "second"]);
  expect(events().filter(({ type }) => type === "went-back").length).toBe(6);
});
