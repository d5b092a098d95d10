import { readFile } from "node:fs/promises";
import type { QemuCapabilities } from "../qemu/hardware/capabilities.ts";
import { kvmOpenError } from "./kvm-probe.ts";

/** The facts that decide how a host without a working KVM can get one. */
export interface KvmCircumstances {
  readonly system: NodeJS.Platform;
  /** Whether QEMU was built with it. */
  readonly builtIn: boolean;
  /** The error code of opening KVM's device, such as `ENOENT`; undefined when it can be opened. */
  readonly openError: string | undefined;
  /** The processor's flags, as Linux lists them; `hypervisor` is set in a virtual machine. */
  readonly cpuFlags: readonly string[];
}

const gain = "With KVM, a guest runs at least ten times as fast.";
const nested =
  "This host is a virtual machine itself: turn on nested virtualisation on its own host, or use a physical host.";

/** Tells what a working KVM would improve, and how to get it. */
export async function adviseOnKvm({ accelerators }: QemuCapabilities): Promise<string> {
  return kvmAdvice({
    system: process.platform,
    builtIn: accelerators.includes("kvm"),
    openError: await kvmOpenError(),
    cpuFlags: await cpuFlags(),
  });
}

async function cpuFlags(): Promise<string[]> {
  const text = await readFile("/proc/cpuinfo", "utf8").catch(() => "");
  return /^flags\s*: (.*)$/m.exec(text)?.[1]?.split(" ") ?? [];
}

/** As `adviseOnKvm`, for a host in these circumstances. */
export function kvmAdvice(host: KvmCircumstances): string {
  if (host.system !== "linux")
    return "The only accelerator that Tinsmith supports is Linux's KVM. It does not use macOS's HVF or Windows's WHPX.";
  if (!host.builtIn)
    return `${gain} Install a QEMU that has it: on Debian, apt-get install qemu-system-x86. Or name another one in TINSMITH_QEMU.`;
  if (host.openError === "ENOENT") return `${gain} ${adviseOnMissingDevice(host.cpuFlags)}`;
  if (host.openError !== undefined)
    return `${gain} Give this user access to /dev/kvm: if it belongs to a group (ls -l /dev/kvm), run sudo usermod -aG kvm USER and log in again.`;
  return `${gain} ${adviseOnBrokenKvm(host.cpuFlags)}`;
}

function adviseOnMissingDevice(cpuFlags: readonly string[]): string {
  const modules = [
    ["vmx", "kvm_intel"],
    ["svm", "kvm_amd"],
  ] as const;
  const [, module] = modules.find(([flag]) => cpuFlags.includes(flag)) ?? [];
  if (module !== undefined)
    return `The processor supports KVM. Load its module with sudo modprobe ${module}; in a container, pass the device with --device /dev/kvm.`;
  if (cpuFlags.includes("hypervisor")) return nested;
  return "Turn on virtualisation (Intel VT-x, AMD-V or SVM) in the settings of the host's firmware.";
}

function adviseOnBrokenKvm(cpuFlags: readonly string[]): string {
  if (cpuFlags.includes("hypervisor")) return nested;
  return "See KVM's messages in dmesg, and end other programs that use the processor's virtualisation, such as VirtualBox.";
}
