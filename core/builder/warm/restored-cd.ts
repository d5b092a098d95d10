import { randomBytes } from "node:crypto";
import { constants, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { basename, join } from "node:path";
import { readTextFile } from "../../files/text-file.ts";
import type { ImageSet } from "../../image-set/image-set.ts";
import { type CommandRunner, runCommand } from "../../process/run-command.ts";

/** The script on the data CD that a setup image runs. */
const setupScript = "setup.sh";
/** Its name on the CD of a restored guest, on which another script comes first. */
const recipeScript = "setup-of-recipe.sh";
const seedName = "tinsmith-seed";
/** Fresh random bytes for the guest: twice the 256 bits of Linux's generator. */
const seedBytes = 64;

/** The time has ten digits until the year 2286. */
const timeDigits = 10;
/** Marks the place at which the time is written into the finished ISO. */
const timeMark = "tinsmith_time=";

/** The recipe's setup.sh: without it on the data CD, a restored guest can't be told the time. */
export function setupScriptOf({ folder, recipe }: ImageSet): string | undefined {
  const path = recipe.cd.find((path) => basename(path) === setupScript);
  return path && join(folder, path);
}

/** Shells in which a script can be continued by another one, which sees the same shell, arguments and variables. */
const shellLine = /^#!\s*(?:\S*\/)?(?:env\s+)?(?:sh|ash|dash|bash|busybox\s+sh)(?:\s|$)/;

/**
 * The script that a restored guest runs first: it sets the clock, mixes fresh bytes into the random number generator, asks for
 * an address if the guest has none, and continues with the recipe's script. The setup continues even if a part of that fails.
 *
 * @param firstLine of the recipe's script
 */
export function restoredScript(firstLine: string): string {
  const isShell = !firstLine.startsWith("#!") || shellLine.test(firstLine);
  const start = isShell && firstLine.startsWith("#!") ? firstLine : "#!/bin/sh";
  const run = isShell ? "." : "exec";
  const args = isShell ? "" : ' "$@"';
  return `${start}
# Tinsmith restored this guest, which did not boot. This is in a shell of its own, of which nothing is left in the guest.
(
  ${timeMark}${"0".repeat(timeDigits)}
  case $0 in */*) cd "\${0%/*}" ;; esac
  refresh='
    date -u -s "@$1"
    # On a busy host, the guest comes to this seconds later. The clock of the machine is that of the host, in UTC. It is late
    # by less than 2 s: QEMU starts it with a whole second, and it tells whole seconds.
    if command -v hwclock && hwclock -u -s; then date -u -s "@$(($(date +%s) + 1))"; fi
    cat ${seedName} >/dev/urandom
    # From Linux 5.18 on, the kernel reseeds by itself when it is restored. An older one is told to, where there is Perl.
    if command -v perl; then perl -e "open(F, q(>), q(/dev/random)) and ioctl(F, 0x5207, 0)"; fi
    # The address is kept with the state; a client that has none asks again.
    if command -v ifconfig && ! ifconfig | grep -q "addr[: ]*169\\.254\\.\\|inet 169\\.254\\."; then
      killall -USR1 udhcpc || dhclient
    fi
    exit 0'
  set -- sh -c "$refresh" sh "$tinsmith_time"
  # Under emulation each program takes a while, and sudo is several.
  if [ "$(id -u)" = 0 ]; then "$@"; elif sudo -n "$@"; then true
  # A sudo that wants a password would wait for it. A small one asks for none, and has no options.
  elif ! sudo --help 2>&1 | grep -q non-interactive; then sudo "$@"; fi
) </dev/null >/dev/null 2>&1
case $0 in
  */*) ${run} "\${0%/*}/${recipeScript}"${args} ;;
  *) ${run} ./${recipeScript}${args} ;;
esac
`;
}

interface RestoredCdOptions {
  /** The data CD of a guest that boots. It stays as it is. */
  readonly iso: string;
  /** The recipe's setup.sh, which is on it. */
  readonly script: string;
  /** An existing folder for the ISO, and for the files that are made here. */
  readonly folder: string;
  /** Runs the program that makes it. */
  readonly run?: CommandRunner;
}

/** Makes the data CD of a restored guest from that of one that boots. @returns its path */
export async function makeRestoredCd(options: RestoredCdOptions): Promise<string> {
  const { iso, script, folder, run = runCommand } = options;
  const made = join(folder, "restored-cd");
  const target = `${made}.iso`;
  rmSync(target, { force: true });
  mkdirSync(made, { recursive: true });
  const text = readTextFile(script, { maximumBytes: 16 * 1024 ** 2, code: "usage" });
  const wrapper = join(made, setupScript);
  writeFileSync(wrapper, restoredScript(text.split("\n", 1)[0] ?? ""));
  const seed = join(made, seedName);
  writeFileSync(seed, randomBytes(seedBytes));
  await run([
    "xorriso",
    ...["-indev", iso, "-outdev", `stdio:${target}`, "-joliet", "on"],
    ...["-compliance", "iso_9660_level=3"],
    ...["-mv", `/${setupScript}`, `/${recipeScript}`, "--"],
    ...["-map", wrapper, `/${setupScript}`, "-map", seed, `/${seedName}`],
    ...["-chmod", "0555", `/${setupScript}`, "--", "-commit"],
  ]);
  return target;
}

/** Writes the time at which the guest continues into the ISO, just before the guest sees it. @param now milliseconds since the epoch */
export async function stampRestoredCd(iso: string, now: number): Promise<void> {
  await using file = await open(iso, constants.O_RDWR);
  const mark = Buffer.from(timeMark);
  const piece = Buffer.alloc(1024 ** 2);
  for (let position = 0; ; position += piece.length - mark.length - timeDigits) {
    const { bytesRead } = await file.read(piece, 0, piece.length, position);
    const found = piece.subarray(0, bytesRead).indexOf(`${timeMark}${"0".repeat(timeDigits)}`);
    if (found >= 0) {
      const seconds = `${Math.round(now / 1000)}`.padStart(timeDigits, "0");
      await file.write(seconds, position + found + mark.length);
      return;
    }
    if (bytesRead < piece.length) return;
  }
}
