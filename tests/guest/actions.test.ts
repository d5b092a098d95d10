import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { spawn } from "node-pty";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { freePort } from "../free-port.ts";
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
let port = 0;
let pcap = "";
let said = "";
let interrupt = (_signal: NodeJS.Signals) => {};

const ask = (...args: readonly string[]) => tinsmith(workshop, args);

/** The task's log, which comes in pieces of any size. */
function taskLog(): string {
  return said
    .split("\n")
    .filter((line) => line.includes('"type":"task-log"') && line.endsWith("}"))
    .map((line) => JSON.parse(line).text)
    .join("");
}

/** How often the task has said that it is ready. */
function timesReady(): number {
  return taskLog().split("ready\r\n").length - 1;
}

beforeAll(async () => {
  const session = Promise.withResolvers<void>();
  port = await freePort();
  pcap = join(workshop.folder, "network.pcap");
  const network = ["--forward", `${port}:7000`, "--pcap", pcap];
  ended = tinsmith(workshop, ["run", "--json", ...network, workshop.workerImage, "--", "sh", "-c", prepare], {
    onStdout: (text, kill) => {
      said = text;
      interrupt = kill;
      if (timesReady() > 0) session.resolve();
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

test("a composed action is performed as one of Tinsmith's own", async () => {
  const action = { type: "list-folder", path: "/no/such/folder", command: [], tty: false };
  const { stdout, exitStatus } = await ask("action", JSON.stringify(action));
  expect([exitStatus, JSON.parse(stdout.toString())]).toEqual([0, { files: [], notFound: true }]);
});

test("an artifact of 64 MB arrives byte for byte", async () => {
  const target = join(workshop.folder, "large");
  expect(await ask("get", "/tmp/large", target)).toMatchObject({ exitStatus: 0 });
  const digest = createHash("sha256").update(readFileSync(target)).digest("hex");
  expect(taskLog()).toContain(digest);
});

test("a file that is not there leaves none here", async () => {
  const { exitStatus, stderr } = await ask("get", "/tmp/nothing", join(workshop.folder, "nothing"));
  expect(exitStatus).toBe(1);
  expect(stderr).toContain("/tmp/nothing");
});

test("files and folders are put into the guest, and what it lacks is told in words", async () => {
  const folder = join(workshop.folder, "tree");
  mkdirSync(join(folder, "deep/empty"), { recursive: true });
  writeFileSync(join(folder, "deep/ünï 'x'"), "in a folder", { mode: 0o700 });
  symlinkSync("deep", join(folder, "link"));
  const bytes = randomBytes(5_000_000);
  const file = join(workshop.folder, "some");
  writeFileSync(file, bytes);
  expect((await ask("put", file, "/tmp/back")).stderr).toBe("");
  expect((await ask("put", folder, "/tmp")).stdout.toString()).toBe("/tmp/tree: 11 bytes\n");
  const script = [
    "sha256sum </tmp/back",
    "cd /tmp/tree && cat link/* 2>/dev/null; stat -c %a deep/ü*",
    "ls -A /tmp | grep -c tinsmith-",
    "mkdir /tmp/small && mount -t tmpfs -o size=64k none /tmp/small && mount -t tmpfs -o ro none /tmp/empty",
  ].join("\n");
  const { stdout } = await ask("shell", "--no-tty", "--", "sh", "-c", script);
  const digest = createHash("sha256").update(bytes).digest("hex");
  expect(stdout.toString()).toBe(`${digest}  -\nin a folder700\n0\n`);
  const full = await ask("put", file, "/tmp/small/");
  expect(full.stderr).toContain("the guest could not write /tmp/small/some: its disk is full");
  const readOnly = await ask("put", join(folder, "deep/ünï 'x'"), "/tmp/empty/");
  expect(readOnly.stderr).toContain("the disk is read-only");
  expect([full.exitStatus, readOnly.exitStatus]).toEqual([1, 1]);
});

test("a port of the host leads to the guest, which reaches nothing else; its packets are recorded", async () => {
  const host = createServer((_request, response) => response.end("host"));
  await once(host.listen(0, "127.0.0.1"), "listening");
  const { port: hostPort } = host.address() as AddressInfo;
  const script = [
    "mkdir /tmp/www && echo 'from the guest' >/tmp/www/page && httpd -p 7000 -h /tmp/www",
    ...["169.254.0.2", "127.0.0.1", "10.0.2.2"].map(
      (address) => `wget -T 3 -q -O - http://${address}:${hostPort}/ || echo unreachable`,
    ),
  ].join("\n");
  const { stdout } = await ask("shell", "--no-tty", "--", "sh", "-c", script);
  expect(stdout.toString()).toBe("unreachable\n".repeat(3));
  const response = await fetch(`http://127.0.0.1:${port}/page`);
  expect(await response.text()).toBe("from the guest\n");
  host.close();
  const taken = await tinsmith(workshop, [
    ...["run", "--forward", `${port}:7000`, workshop.workerImage, "--", "true"],
  ]);
  expect(taken.stderr).toMatch(
    new RegExp(`error: port ${port} of this host is already in use by qemu-system\\S* \\(process \\d+\\)`),
  );
  expect(taken.exitStatus).toBe(5);
  await eventually(() => expect(readFileSync(pcap).includes("GET /page HTTP/1.1")).toBe(true));
  expect(readFileSync(pcap).readUInt32LE(0)).toBe(0xa1b2c3d4);
  expect(statSync(pcap).mode & 0o777).toBe(0o600);
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

test("new guest tools take the place of the old ones in the running guest, and run the task again", async () => {
  const source = resolve(import.meta.dirname, "../../guest");
  const folder = join(workshop.folder, "own-tools");
  mkdirSync(folder);
  const build = ["sh", "-c", `${source}/build.sh "$PWD/tools" && printf marked >>tools`];
  writeFileSync(join(folder, "machine.json"), '{"version": 1}');
  writeFileSync(
    join(folder, "recipe.yaml"),
    JSON.stringify({
      size: 1,
      machine: "machine.json",
      guestTools: { build, binary: "tools", run: ["run"] },
    }),
  );
  const runs = timesReady();
  const replaced = await ask("replace-tools", "--recipe", folder);
  expect(replaced.stderr).toContain("Building the guest tools.");
  expect(replaced.stdout.toString()).toBe("The new guest tools have started.\n");
  const running = await ask("shell", "--no-tty", "--", "sh", "-c", 'tail -c 6 "/proc/$PPID/exe"');
  expect(running.stdout.toString()).toBe("marked");
  const [, session = ""] = /"folder":"([^"]+)"/.exec(said) ?? [];
  expect(readFileSync(join(session, "events.jsonl"), "utf8")).toContain(
    "The guest tools were replaced, and have started again.",
  );
  await eventually(() => expect(timesReady()).toBe(runs + 1), { timeout: 120_000 });
});

test("killing the task ends all its processes, though they ignore SIGTERM, and it has failed", async () => {
  expect(await ask("kill")).toMatchObject({ exitStatus: 0 });
  expect(await ended).toMatchObject({ exitStatus: 1 });
  expect(said).toContain('"task-result","result":"failed"');
});
