import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, expect, type TestContext, test } from "vitest";
import { fakeQemuProgram } from "../../core/qemu/process/test-fake-qemu.ts";
import {
  type Attempt,
  attemptAsNobody,
  attemptOn,
  canMount,
  makeWorkplace,
  type Workplace,
  withMount,
} from "./places/works.ts";

// All that a build writes, on a full disk, and in places where it may not write. The tests of a guest whose disk is
// out of space are in core/qemu/process/trouble-watch.test.ts.

let workplace: Workplace & { readonly folder: string };
beforeAll(async () => {
  workplace = await makeWorkplace();
  return () => rmSync(workplace.folder, { recursive: true });
});

function requireMounts(context: TestContext): void {
  if (!canMount()) context.skip("this user may not mount file systems on this host");
}

/** The result of each work, in a line. */
function summary(attempts: readonly Attempt[]): Record<string, string> {
  const line = ({ error, left, archive }: Attempt) =>
    [
      error ? `${error.code}: ${error.message.replaceAll(workplace.place, "")}` : "went well",
      ...left,
      ...(archive ? [archive] : []),
    ].join("; ");
  return Object.fromEntries(attempts.map((attempt) => [attempt.name, line(attempt)]));
}

test("where there is no room, each phase says so with what to do, and an old archive stays", async (context) => {
  requireMounts(context);
  const attempts = await attemptOn("size=1m", workplace, [
    "guest tools",
    "data CD",
    "built ISO",
    "fetched ISO",
    "extracted image",
    "new archive",
    "archive in place of an old one",
  ]);
  expect(summary(attempts)).toEqual({
    "guest tools": "no-space: cp found no space left on a disk; tools",
    "data CD": "no-space: xorriso found no space left on a disk",
    // The lock stays, for the next process that builds it.
    "built ISO": expect.stringMatching(/^no-space: cp found no space left on a disk; iso-\w{64}$/),
    // Its result so far is kept, so that another try resumes from there.
    "fetched ISO": expect.stringMatching(
      /^no-space: http\S+ does not fit on the disk of \/isos\/\S+; \w+\.iso\.partial; iso-\w+$/,
    ),
    "extracted image": expect.stringMatching(
      /^no-space: extracting \S+ to \/image: (\S+: )?there is not enough space on the disk$/,
    ),
    "new archive": "no-space: packing /a.tar.lz4: there is not enough space on the disk",
    "archive in place of an old one":
      "no-space: packing /a.tar.lz4: there is not enough space on the disk; a.tar.lz4; old",
  });
  for (const { error } of attempts)
    expect(error?.advice).toMatch(/^(Free some space (?:on that disk|there), then) try again/);
  expect(attempts[0]?.error?.details?.at(-1)).toContain("/place/tools");
});

test("a session opens on a disk without any room", async (context) => {
  requireMounts(context);
  const [attempt] = await attemptOn("size=1m", workplace, ["session where nothing fits"]);
  expect(attempt?.error).toBeUndefined();
});

const phases = ["data CD", "built ISO", "extracted image", "new archive", "session"];
const refused = "no-permission: this user may not write to the folder ";

test("in a read-only file system, each phase says so with what to do", async (context) => {
  requireMounts(context);
  const attempts = await attemptOn("ro", workplace, phases);
  expect(summary(attempts)).toEqual({
    "data CD": "no-permission: /data-cd: its file system is read-only",
    "built ISO": refused,
    "extracted image": refused,
    "new archive": refused,
    session: refused,
  });
  for (const { error } of attempts) expect(error?.advice).toMatch(/^Choose|^Change/);
});

test("in a folder without permission, each phase says so with what to do", async () => {
  const attempts = await attemptAsNobody(workplace, phases);
  expect(summary(attempts)).toEqual({
    "data CD": "no-permission: /data-cd: this user has no permission for that",
    "built ISO": refused,
    "extracted image": refused,
    "new archive": refused,
    session: refused,
  });
  for (const { error } of attempts) expect(error?.advice).toMatch(/^Choose|^Change/);
});

const tinsmith = join(import.meta.dirname, "../../tinsmith");

/** Runs `tinsmith` where the place is a small disk. */
async function runWithSmallDisk(
  size: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
) {
  const [program = "", ...rest] = withMount(`size=${size}`, workplace.place, [tinsmith, ...args]);
  return await execa(program, rest, { env, reject: false });
}

test.each([
  ["the run", () => ["run", join(workplace.material, "image.tar.lz4"), "--", "true"]],
  [
    "the build",
    () => [
      "build",
      "from-image",
      join(workplace.material, "image.tar.lz4"),
      join(workplace.folder, "new.tar.lz4"),
    ],
  ],
])("%s is refused before it starts when it can't fit", async (work, args) => {
  const { stderr, exitCode } = await runWithSmallDisk("1m", args(), { TINSMITH_HOME: workplace.place });
  expect(stderr).toContain(`error: ${work} needs about 272 MB in ${workplace.place}, which has 1.0 MB free`);
  expect(stderr).toContain("Free some space there, or set TINSMITH_HOME to a folder on a larger disk.");
  expect(exitCode).toBe(5);
});

test("past this user's limit for the size of files, a command says so, and leaves nothing", async () => {
  const { folder, material } = workplace;
  const target = join(folder, "limited");
  mkdirSync(target);
  for (const args of [
    ["pack", join(material, "image"), join(target, "a.tar.lz4")],
    ["extract", join(material, "image.tar.lz4"), join(target, "image")],
  ]) {
    const limited = ["-c", 'ulimit -f 2000; exec "$0" "$@"', tinsmith, ...args];
    const { stderr, exitCode } = await execa("sh", limited, { reject: false });
    expect(stderr).toMatch(
      /^error: (packing|extracting) .*: a file would be larger than this user may write\n/,
    );
    expect(stderr).toContain("Raise this user's limit for the size of files: ulimit -f shows it.");
    expect(exitCode).toBe(5);
  }
  expect(readdirSync(target, { recursive: true })).toEqual([]);
});

test("a build whose archive finds no room at the end says so, and the old archive stays", async (context) => {
  requireMounts(context);
  const home = join(workplace.folder, "home");
  const qemu = join(workplace.folder, "qemu");
  const output = join(workplace.place, "a.tar.lz4");
  // While the guest runs, others fill the disk.
  writeFileSync(
    qemu,
    `#!/bin/sh
case "$1" in -S)
  head -c 300M /dev/zero >${workplace.place}/others 2>/dev/null
  FAKE_QEMU=powers-off exec ${process.execPath} ${fakeQemuProgram} "$@" ;;
esac
exec qemu-system-x86_64 "$@"\n`,
  );
  chmodSync(qemu, 0o755);
  const script = 'echo old >"$1"; shift; "$@"; status=$?; cat "$0"/*.tar.lz4; ls "$0"; exit $status';
  const build = ["build", "from-new", join(workplace.material, "image/machine.json"), output, "--size", "1"];
  const command = ["sh", "-c", script, workplace.place, output, tinsmith, ...build];
  const [program = "", ...args] = withMount("size=300m", workplace.place, command);
  const env = { TINSMITH_HOME: home, TINSMITH_QEMU: qemu, TINSMITH_ACCELERATOR: "tcg" };
  const { stdout, stderr, exitCode } = await execa(program, args, { env, reject: false });
  expect(stderr).toContain(`error: packing ${output}: there is not enough space on the disk`);
  expect(stderr).toContain("Free some space on that disk, then try again.");
  expect(exitCode).toBe(5);
  expect(stdout).toBe("old\na.tar.lz4\nothers");
  const [session = ""] = readdirSync(join(home, "sessions")).filter((name) => !name.startsWith("."));
  expect(readdirSync(join(home, "sessions", session))).not.toContain("working");
});

test("a build for whose image the cache finds no room unpacks it for itself, and the cache keeps nothing of it", async (context) => {
  requireMounts(context);
  const home = join(workplace.folder, "cacheless");
  const images = join(home, "cache/images");
  mkdirSync(images, { recursive: true });
  const qemu = join(workplace.folder, "quick-qemu");
  const fake = `FAKE_QEMU=powers-off exec ${process.execPath} ${fakeQemuProgram} "$@"`;
  writeFileSync(qemu, `#!/bin/sh\ncase "$1" in -S) ${fake} ;; esac\nexec qemu-system-x86_64 "$@"\n`);
  chmodSync(qemu, 0o755);
  const archive = join(workplace.material, "image.tar.lz4");
  const build = ["build", "from-image", archive, join(workplace.folder, "built.tar.lz4")];
  const script = '"$@"; status=$?; ls -A "$0"; exit $status';
  const command = ["sh", "-c", script, images, tinsmith, ...build];
  const [program = "", ...args] = withMount("size=1m", images, command);
  const env = { CI: "true", TINSMITH_HOME: home, TINSMITH_QEMU: qemu, TINSMITH_ACCELERATOR: "tcg" };
  const { stdout, stderr, exitCode } = await execa(program, args, { env, reject: false });
  expect(stderr).toContain(
    `${archive} is unpacked for this session only, because the cache can't take it: extracting ${archive}`,
  );
  expect(exitCode).toBe(0);
  // The last line would be a name.
  expect(stdout).toMatch(/\nTook .*$/);
});

test("a checkpoint that finds no room is not made, and its virtual machine runs on", async (context) => {
  requireMounts(context);
  const script = join(import.meta.dirname, "places/checkpoint.ts");
  const command = [process.execPath, script, workplace.place, workplace.folder];
  const [program = "", ...args] = withMount("size=1m", workplace.place, command);
  const { stdout } = await execa(program, args);
  expect(JSON.parse(stdout)).toMatchObject([
    ["no-space", { status: "running" }],
    ["made", { status: "running" }],
  ]);
});
