import { readFile } from "node:fs/promises";
import { release } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { readTextFile } from "../files/text-file.ts";
import { replaceFile } from "../files/writing/replace-file.ts";
import type { QemuCapabilities } from "../qemu/hardware/capabilities.ts";
import { probeKvm, type Trial } from "./kvm-probe.ts";

export interface AcceleratorChoice {
  readonly accelerator: "kvm" | "tcg";
  /** The reason, as a sentence. */
  readonly reason: string;
}

/** A failure of KVM on this host since it started, with this QEMU. */
const rememberedFailure = z.strictObject({
  qemu: z.string(),
  kernel: z.string(),
  boot: z.string(),
  reason: z.string(),
});
type Circumstances = Omit<z.output<typeof rememberedFailure>, "reason">;

/** The environment variable by which a person rules out KVM: its value is then `tcg`. */
export const acceleratorVariable = "TINSMITH_ACCELERATOR";

interface ChoiceOptions {
  /** The folder that keeps a definite failure, so that the next start doesn't wait for it. Created when missing. */
  readonly cacheFolder: string;
  /** Tries KVM again, even if a failure is remembered. */
  readonly tryAgain?: boolean | undefined;
}

/** KVM if it works, found out by using it; else TCG, QEMU's emulation, which works everywhere. */
export async function chooseAccelerator(
  capabilities: QemuCapabilities,
  { cacheFolder, tryAgain = false }: ChoiceOptions,
  probe: (program: string) => Promise<Trial> = probeKvm,
): Promise<AcceleratorChoice> {
  if (process.env[acceleratorVariable] === "tcg")
    return emulation("TINSMITH_ACCELERATOR or the settings ask for it");
  if (!capabilities.accelerators.includes("kvm")) return emulation("this QEMU was built without KVM");
  const circumstances = await describeHost(capabilities.version);
  const memory = memoryFile(cacheFolder);
  const remembered = tryAgain ? undefined : recall(memory, circumstances);
  if (remembered !== undefined) return emulation(`${remembered} (when last tried)`);

  const trial = await probe(capabilities.program);
  if (trial.works) return { accelerator: "kvm", reason: "KVM works on this host." };
  if (trial.definite) remember(memory, { ...circumstances, reason: trial.reason });
  return emulation(trial.reason);
}

/**
 * Remembers that KVM failed for a guest that it had started: guests are emulated from now on, as after a failed
 * trial.
 */
export async function rememberKvmFailure(
  capabilities: QemuCapabilities,
  cacheFolder: string,
  reason: string,
): Promise<void> {
  remember(memoryFile(cacheFolder), { ...(await describeHost(capabilities.version)), reason });
}

function memoryFile(cacheFolder: string): string {
  return join(cacheFolder, "kvm-failure.json");
}

function emulation(reason: string): AcceleratorChoice {
  return {
    accelerator: "tcg",
    reason: `The guest is emulated by QEMU (TCG), which is slower, because ${reason}.`,
  };
}

async function describeHost(qemu: string): Promise<Circumstances> {
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  return { qemu, kernel: release(), boot: boot.trim() };
}

/** The reason of a failure in the same circumstances; a file that can't be read counts as none. */
function recall(file: string, now: Circumstances): string | undefined {
  const { data } = rememberedFailure.safeParse(readJson(file));
  const same = data?.qemu === now.qemu && data.kernel === now.kernel && data.boot === now.boot;
  return same ? data.reason : undefined;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readTextFile(path, { maximumBytes: 64 * 1024, code: "usage" }));
  } catch {
    return undefined;
  }
}

function remember(file: string, failure: z.output<typeof rememberedFailure>): void {
  replaceFile(file, () => `${JSON.stringify(failure)}\n`);
}
