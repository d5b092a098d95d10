import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { spawn } from "node-pty";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { readImageSet } from "../../../core/image-set/image-set.ts";
import { findInstallIso } from "../../../core/iso/install-iso.ts";
import { attach } from "../../../core/session/client/attach.ts";
import { webSocketChannel } from "../../../core/session/serve/web-socket-channel.ts";
import { findPaths, sessionPaths } from "../../../core/storage/paths.ts";
import { consoleChannelPath } from "../../../shared/channel/byte-channel.ts";
import { encodeShellMessage } from "../../../shared/guest/shell-codec.ts";
import { eventually } from "../../eventually.ts";
import { removeWorkshop } from "../remove-workshop.ts";
import { makeWorkshop, type Outcome, tinsmith, tinsmithProgram } from "../tinsmith.ts";

const workshop = makeWorkshop();
afterAll(() => removeWorkshop(workshop));
const paths = findPaths({ XDG_STATE_HOME: workshop.folder });
const rebuild = (...args: readonly string[]) => [
  ...["rebuild", "setup", "--recipe", workshop.imageSet],
  ...args,
];

/** Types lines into the serial console of a session, each at a new prompt. */
async function typeLines(
  id: string,
  lines: readonly (readonly [prompt: RegExp, line: string])[],
): Promise<void> {
  const files = sessionPaths(paths, id);
  const address = `ws+unix:${files.apiSocket}:${consoleChannelPath}?from=0`;
  const channel = webSocketChannel(new WebSocket(address));
  let seen = 0;
  for (const [prompt, line] of lines) {
    const shown = () => (existsSync(files.serialLog) ? readFileSync(files.serialLog, "utf8") : "");
    await eventually(() => expect(shown().slice(seen)).toMatch(prompt), { timeout: 120_000, interval: 200 });
    seen = shown().length;
    const payload = new TextEncoder().encode(`${line}\r`);
    void channel.send(encodeShellMessage({ type: "data", stream: "stdin", payload }));
  }
}

/** Runs a command that begins a session, and types lines into it. @returns how the command has ended */
async function typeInto(args: readonly string[], work: (id: string) => Promise<void>): Promise<Outcome> {
  let session: string | undefined;
  const find = (text: string) => {
    session ??= /"session":"([^"]+)"|\(session ([^)]+)\)/.exec(text)?.slice(1).find(Boolean);
  };
  const running = tinsmith(workshop, args, { onStdout: find, onStderr: find });
  const id = await eventually(() => session ?? Promise.reject(new Error("no session yet")), {
    timeout: 60_000,
  });
  await work(id);
  return await running;
}

/** Waits until the guest is off, and keeps its disk. */
async function packageDisk(id: string): Promise<void> {
  using attached = await attach(paths, id);
  // Eight lines and the power-off.
  for await (const { steps } of await attached.api.recording.watch()) if (steps.length === 9) break;
  await eventually(
    async () => {
      const { exitStatus } = await tinsmith(workshop, ["choose", "package"]);
      expect(exitStatus).toBe(0);
    },
    { timeout: 60_000, interval: 1000 },
  );
}

const shellPrompt = /tc@box:~\$ /;

test("an installation by hand becomes the recipe of one that needs nobody; its steps hold in a dry run", async () => {
  let id = "";
  const built = await typeInto(rebuild("--by-hand", "--json"), async (session) => {
    id = session;
    await typeLines(id, [
      [shellPrompt, "tc-install.sh /dev/vda"],
      [shellPrompt, "read -s -p 'New password: ' it; echo; echo thanks"],
      [/word: /, "hunter2"],
      [
        shellPrompt,
        "echo 'sudo dmesg -n 3; until sudo mount -r -t iso9660 /dev/sr0 /mnt/sr0' >.X.d/setup.sh",
      ],
      [shellPrompt, "echo 'do sleep 0.1; done 2>/dev/null' >>.X.d/setup.sh"],
      [shellPrompt, "echo 'sh /mnt/sr0/setup.sh' >>.X.d/setup.sh"],
      [shellPrompt, "filetool.sh -b"],
      [shellPrompt, "sudo poweroff"],
    ]);
    await packageDisk(id);
  });
  expect(built.exitStatus).toBe(0);
  const files = sessionPaths(paths, id);
  expect(readFileSync(files.events, "utf8")).toContain('"checkpoint-made"');
  const steps = readFileSync(files.recordedSteps, "utf8");
  expect(steps).toContain("{ type: [ { secret: SECRET_1 } ] }");
  expect(readFileSync(files.recording, "utf8")).not.toContain("hunter2");
  const recipe = join(workshop.imageSet, "recipe.yaml");
  const [others] = readFileSync(recipe, "utf8").split("\ninstall:\n");
  writeFileSync(recipe, `${others}\n${steps}`);
  const dry = await tinsmith(workshop, rebuild("--dry-run", files.recording));
  expect([dry.exitStatus, dry.stdout.toString()]).toEqual([0, expect.not.stringContaining("would")]);

  const again = await tinsmith(workshop, rebuild("--force"), {
    env: { TINSMITH_SECRET_SECRET_1: "hunter2" },
  });
  expect([again.exitStatus, again.stderr]).toEqual([0, expect.anything()]);
  const worker = await tinsmith(workshop, ["rebuild", "worker", "--recipe", workshop.imageSet]);
  expect([worker.exitStatus, worker.stderr]).toEqual([0, expect.anything()]);
});

/** The arguments of `tinsmith record` for a new image set. */
async function recordInto(set: string): Promise<readonly string[]> {
  const { folder, recipe } = readImageSet(workshop.imageSet);
  if (!recipe.iso) throw new Error("the recipe names no ISO");
  const cache = findPaths().cache;
  const iso = await findInstallIso(recipe.iso, { folder, cache, working: workshop.folder });
  return ["record", set, "--boot", iso, "--machine", join(workshop.imageSet, "machine.json")];
}

test("tinsmith record leaves an image set whose steps hold in a dry run", async () => {
  const set = join(workshop.folder, "mine");
  const args = await recordInto(set);
  const recorded = await typeInto(args, (id) =>
    typeLines(id, [
      [shellPrompt, "tc-install.sh /dev/vda"],
      [shellPrompt, "sudo poweroff"],
    ]),
  );
  expect([recorded.exitStatus, recorded.stdout.toString()]).toEqual([0, expect.stringContaining(set)]);
  expect(readFileSync(join(set, "recipe.yaml"), "utf8")).toContain("type: tc-install.sh /dev/vda");
  const dry = ["rebuild", "setup", "--recipe", set, "--dry-run", join(set, "install.cast")];
  const { exitStatus, stdout } = await tinsmith(workshop, dry);
  expect([exitStatus, stdout.toString()]).toEqual([0, expect.not.stringContaining("would")]);
  expect((await tinsmith(workshop, args)).stderr).toContain("already exists");
});

test("tinsmith record in a terminal has the serial console there, until ~. leaves it", async () => {
  const set = join(workshop.folder, "typed");
  const command = `stty -g >before; "$0" "$@"; echo $? >status; stty -g >after`;
  const terminal = spawn("sh", ["-c", command, tinsmithProgram, ...(await recordInto(set))], {
    ...{ cols: 100, rows: 30, cwd: workshop.folder },
    env: { ...process.env, XDG_STATE_HOME: workshop.folder, XDG_RUNTIME_DIR: workshop.folder },
  });
  let shown = "";
  terminal.onData((text) => {
    shown += text;
  });
  const ended = new Promise<void>((resolve) => terminal.onExit(() => resolve()));
  onTestFinished(() => terminal.kill("SIGHUP"));
  const until = (text: string | RegExp, from = 0) =>
    eventually(() => expect(shown.slice(from)).toMatch(text), { timeout: 120_000, interval: 200 });
  await until("what you type is recorded");
  await until(shellPrompt);
  const installing = shown.length;
  terminal.write("tc-install.sh /dev/vda\r");
  await until(shellPrompt, installing);
  terminal.write("~.");
  await until("You have left the serial console");
  const [, id = ""] = /\(session ([^)]+)\)/.exec(shown) ?? [];
  await typeLines(id, [[shellPrompt, "sudo poweroff"]]);
  await ended;
  const read = (name: string) => readFileSync(join(workshop.folder, name), "utf8").trim();
  expect(read("status")).toBe("0");
  expect(read("after")).toBe(read("before"));
  const steps = readFileSync(join(set, "recipe.yaml"), "utf8");
  expect(steps).toMatch(/type: tc-install\.sh \/dev\/vda .*type: sudo poweroff /s);
  expect(readFileSync(join(set, "install.cast"), "utf8")).not.toContain("~.");
});
