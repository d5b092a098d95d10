import { constants, writeFileSync } from "node:fs";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { createTemporaryFolder } from "../files/writing/temporary-folder.ts";
import { option } from "../qemu/arguments/option.ts";
import { exitPort, goodExitStatus, probeRom } from "./probe-rom.ts";

/** Whether an accelerator can run a guest on this host. */
export type Trial =
  | { readonly works: true }
  | {
      readonly works: false;
      /** In words, after "because". */
      readonly reason: string;
      /**
       * Whether trying again before the host restarts would end in the same way. A time-out on a busy host says
       * nothing of that kind, and a permission can be given at any time.
       */
      readonly definite: boolean;
    };

/** A processor that works needs a tenth of this. */
const trialMilliseconds = 2_000;
/** QEMU prints this when KVM fails; it then keeps running, with the guest stopped. */
const kvmGaveUp = "KVM internal error";

/** The device that stands for KVM. */
const kvmDevice = "/dev/kvm";

/**
 * The error code of opening KVM's device for reading and writing, such as `ENOENT`; undefined when it can be opened.
 */
export async function kvmOpenError(device = kvmDevice): Promise<string | undefined> {
  return await access(device, constants.R_OK | constants.W_OK).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
}

/** Tries whether KVM can run a guest, in at most two seconds: that it can be opened says too little. */
export async function probeKvm(program: string, device = kvmDevice): Promise<Trial> {
  const problem = await kvmOpenError(device);
  if (problem === undefined) return tryAccelerator(program, "kvm", "host");
  return { works: false, reason: explainOpenError(problem, device), definite: false };
}

/** @param code the system's error upon opening the device for reading and writing */
export function explainOpenError(code: string, device: string): string {
  if (code === "ENOENT") return `this host has no ${device}`;
  if (code === "EACCES") return `this user has no permission to use ${device} (the group kvm has)`;
  return `${device} can't be opened: ${code}`;
}

/** Runs the probe's ROM in place of a firmware. */
export async function tryAccelerator(
  program: string,
  accelerator: "kvm" | "tcg",
  cpu: string,
): Promise<Trial> {
  using folder = createTemporaryFolder("probe", `the test of ${accelerator.toUpperCase()}`);
  const rom = join(folder.path, "probe.rom");
  writeFileSync(rom, probeRom());
  return await runRom(program, accelerator, ["-cpu", cpu, "-bios", rom]);
}

async function runRom(program: string, accelerator: string, args: readonly string[]): Promise<Trial> {
  const exit = option({ driver: "isa-debug-exit", iobase: exitPort, iosize: 4 });
  const bare = [
    "-nodefaults",
    "-no-user-config",
    "-no-reboot",
    "-display",
    "none",
    "-machine",
    "pc",
    "-m",
    "16",
  ];
  // The kernel ends QEMU when this process dies.
  const owned = ["--pdeathsig", "KILL", "--", program];
  const child = execa("setpriv", [...owned, ...bare, "-accel", accelerator, "-device", exit, ...args], {
    reject: false,
    stdin: "ignore",
    timeout: trialMilliseconds,
    killSignal: "SIGKILL",
  });
  const lines: string[] = [];
  for await (const line of child.iterable({ from: "stderr" })) {
    lines.push(line);
    if (line.includes(kvmGaveUp)) child.kill("SIGKILL");
  }
  const result = await child;
  if (result.exitCode === goodExitStatus) return { works: true };
  return explainFailure(accelerator, { ...result, lines });
}

interface Failure {
  readonly timedOut: boolean;
  readonly exitCode?: number | undefined;
  /** Lines of stderr. */
  readonly lines: readonly string[];
}

/** @param failure the end of QEMU, other than by the program's own exit */
export function explainFailure(accelerator: string, { timedOut, exitCode, lines }: Failure): Trial {
  const gaveUp = lines.some((line) => line.includes(kvmGaveUp));
  if (timedOut && !gaveUp) {
    const reason = `${accelerator.toUpperCase()} took over ${trialMilliseconds / 1000} s to run a small program`;
    return { works: false, reason, definite: false };
  }
  // The first error is the cause; a dump of registers, or its consequences, follow.
  const cause = lines.find((line) => /error|fail|could not/i.test(line)) ?? lines.at(-1);
  const silence = exitCode === undefined ? "QEMU was ended" : `QEMU exited with status ${exitCode}`;
  const passing = /busy|cannot allocate/i.test(cause ?? "");
  return {
    works: false,
    reason: `${accelerator.toUpperCase()} could not run a small program: ${cause ?? silence}`,
    definite: !passing && (cause !== undefined || exitCode !== undefined),
  };
}
