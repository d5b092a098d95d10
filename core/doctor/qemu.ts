import { chooseAccelerator } from "../accelerator/accelerator.ts";
import { adviseOnKvm } from "../accelerator/kvm-advice.ts";
import { hasUserNetwork, hasVnc } from "../qemu/hardware/built-in-features.ts";
import type { QemuCapabilities } from "../qemu/hardware/capabilities.ts";
import { findMissingHardware, type MissingHardware } from "../qemu/hardware/missing-hardware.ts";
import { findSandbox } from "../qemu/hardware/sandbox.ts";
import { good, type Observation } from "./finding.ts";

const completeQemu = "Install a QEMU that has it: on Debian, apt-get install qemu-system-x86.";

export async function examineAccelerator(
  capabilities: QemuCapabilities,
  cacheFolder: string,
  tryAgain: boolean,
): Promise<Observation> {
  const { accelerator, reason } = await chooseAccelerator(capabilities, { cacheFolder, tryAgain });
  return accelerator === "kvm"
    ? good(reason)
    : {
        ok: true,
        text: reason,
        advice: await adviseOnKvm(capabilities),
        canRetry: capabilities.accelerators.includes("kvm"),
      };
}

/** Examines which hardware that a machine.json can name is missing from this QEMU. */
export function examineHardware(capabilities: QemuCapabilities): Observation {
  const { named, gaps } = findMissingHardware(capabilities);
  const all = `${named} machine types, devices and keyboard layouts that a machine.json can name`;
  if (gaps.length === 0) return good(`all ${all}`);
  const packages = [...new Set(gaps.flatMap((gap) => gap.debianPackage ?? []))];
  return {
    ok: gaps.every((gap) => gap.instead !== undefined),
    text: `${named - gaps.length} of the ${all}; ${gaps.map(describeGap).join("; ")}`,
    advice:
      packages.length === 0
        ? undefined
        : `With all of it, guests see the hardware that their machine.json names: on Debian, apt-get install ${packages.join(" ")}.`,
  };
}

function describeGap({ kind, wanted, instead }: MissingHardware): string {
  if (instead === undefined) return `no ${kind} ${wanted}, and no replacement for it`;
  return `no ${kind} ${wanted}: ${instead === "none" ? "guests have none" : `guests get ${instead}`}`;
}

export async function examineScreen(program: string): Promise<Observation> {
  if (await hasVnc(program)) return good("QEMU has VNC");
  const advice = `Virtual machines can't be started without it. ${completeQemu}`;
  return { ok: false, text: "this QEMU was built without VNC", advice };
}

export async function examineSandbox(program: string): Promise<Observation> {
  if ((await findSandbox(program)) !== undefined) return good("QEMU runs with a filter of system calls");
  return {
    ok: true,
    text: "QEMU runs without a filter of system calls: it, or this host's kernel, lacks seccomp",
    advice: `With it, a guest that breaks out of QEMU can do less. ${completeQemu} A container may need permission for it.`,
  };
}

export async function examineNetwork(program: string): Promise<Observation> {
  if (await hasUserNetwork(program)) return good("QEMU has the user network");
  const advice = `The guest can't reach the MetaService without it. ${completeQemu}`;
  return { ok: false, text: "this QEMU was built without the user network (libslirp)", advice };
}
