import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeDataIso } from "../../iso/data-iso.ts";
import { makeRestoredCd, stampRestoredCd } from "./restored-cd.ts";

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "restored-"));
  onTestFinished(() => {
    execFileSync("chmod", ["-R", "u+w", folder]);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

const usualSudo = 'shift; exec "$@"';
const now = 1_800_000_000_000;

/**
 * Makes the CD of a restored guest, copies its files to a folder, and runs its setup.sh as a guest does.
 *
 * @param sudo a shell script
 */
async function runSetup(
  script: string,
  run: (setup: string) => [string, ...string[]] = (setup) => ["sh", setup],
  sudo = usualSudo,
) {
  const folder = makeFolder();
  const path = join(folder, "script");
  writeFileSync(path, script);
  const iso = await makeDataIso(
    [
      { name: "setup.sh", from: path },
      { name: "tools", text: "the guest tools" },
    ],
    folder,
  );
  const before = readFileSync(iso);
  const restored = await makeRestoredCd({ iso, script: path, folder });
  await stampRestoredCd(restored, now);
  expect(readFileSync(iso).equals(before)).toBe(true);
  const cd = join(folder, "cd");
  execFileSync("xorriso", ["-osirrox", "on", "-indev", restored, "-extract", "/", cd], { stdio: "ignore" });
  // The commands of a guest: they write down how they were called.
  const bin = join(folder, "bin");
  mkdirSync(bin);
  for (const name of ["sudo", "date", "id", "ifconfig", "killall", "dhclient", "perl", "hwclock"]) {
    const file = join(bin, name);
    const works = { sudo, id: "echo 1001", date: "echo 1800000005" }[name] ?? "true";
    writeFileSync(file, `#!/bin/sh\necho "${name} $*" >>${folder}/calls\n${works}\n`);
    chmodSync(file, 0o755);
  }
  // Nothing may be written to the host's own random number generator.
  writeFileSync(join(bin, "cat"), `#!/bin/sh\necho "cat $*" >>${folder}/calls\n`);
  chmodSync(join(bin, "cat"), 0o755);
  const [program, ...args] = run(join(cd, "setup.sh"));
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
  const printed = execFileSync(program, args, { cwd: folder, env, encoding: "utf8" });
  return { printed, cd, folder, calls: readFileSync(join(folder, "calls"), "utf8") };
}

test("a restored guest gets the time and random bytes, then the recipe's script runs as if nothing else had", async () => {
  const script = '#!/bin/sh\necho "$0 $1 $PWD"\nls "$(dirname "$0")"\nset\n';
  const { printed, cd, folder, calls } = await runSetup(script, (setup) => ["sh", setup, "argument"]);
  expect(printed.split("\n", 1)[0]).toBe(`${cd}/setup.sh argument ${folder}`);
  expect(printed).toContain("\ntools\n");
  expect(printed).not.toContain("tinsmith_time");
  expect(calls).toContain("date -u -s @1800000000");
  // The middle of what the machine's own clock, which tells whole seconds, may mean.
  expect(calls).toContain("\nhwclock -u -s\ndate +%s\ndate -u -s @1800000006\n");
  expect(calls).toContain("\ncat tinsmith-seed\n");
  expect(calls).toContain("killall -USR1 udhcpc");
  expect(calls.match(/^sudo/gm)).toEqual(["sudo"]);
});

test("a sudo without options is used, too", async () => {
  const { calls } = await runSetup("", undefined, '[ "$1" = sh ] && exec "$@"');
  expect(calls).toContain("\ndate -u -s @1800000000\n");
});

test("a sudo that wants a password is not waited for", async () => {
  const asks = '[ "$1" != --help ] || echo "-n, --non-interactive"; exit 1';
  const { calls } = await runSetup("", undefined, asks);
  expect(calls).not.toContain("\ndate");
  expect(calls.match(/^sudo -n|^sudo --help|^sudo/gm)).toEqual(["sudo -n", "sudo --help"]);
});

test("the exit status is that of the recipe's script", async () => {
  const { printed } = await runSetup("exit 7\n", (setup) => ["sh", "-c", `sh ${setup}; echo "status $?"`]);
  expect(printed).toBe("status 7\n");
});

test("a script of another language is run by its own program", async () => {
  const { printed } = await runSetup("#!/usr/bin/env python3\nimport sys\nprint(sys.argv[1:])\n", (setup) => [
    setup,
    "argument",
  ]);
  expect(printed).toBe("['argument']\n");
});
