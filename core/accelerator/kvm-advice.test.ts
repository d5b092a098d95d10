import { expect, test } from "vitest";
import { type KvmCircumstances, kvmAdvice } from "./kvm-advice.ts";

const usable: KvmCircumstances = { system: "linux", builtIn: true, openError: undefined, cpuFlags: ["vmx"] };

test.each<[string, Partial<KvmCircumstances>, string]>([
  ["a QEMU built without it", { builtIn: false }, "apt-get install qemu-system-x86"],
  ["a user who may not open it", { openError: "EACCES" }, "usermod -aG kvm"],
  ["an Intel processor without its module", { openError: "ENOENT" }, "modprobe kvm_intel"],
  ["an AMD processor without its module", { openError: "ENOENT", cpuFlags: ["svm"] }, "modprobe kvm_amd"],
  [
    "a virtual machine without nested virtualisation",
    { openError: "ENOENT", cpuFlags: ["hypervisor"] },
    "nested virtualisation",
  ],
  ["a host whose firmware keeps it off", { openError: "ENOENT", cpuFlags: [] }, "firmware"],
  [
    "a virtual machine whose KVM can't run another one",
    { cpuFlags: ["vmx", "hypervisor"] },
    "nested virtualisation",
  ],
  ["a host on which it fails", {}, "VirtualBox"],
])("%s is told how to get KVM, and what it would give", (_host, changes, how) => {
  const advice = kvmAdvice({ ...usable, ...changes });
  expect(advice).toContain("ten times as fast");
  expect(advice).toContain(how);
});

test.each<NodeJS.Platform>(["darwin", "win32"])("on %s there is no KVM to get", (system) => {
  const advice = kvmAdvice({ ...usable, system });
  expect(advice).toMatch(/HVF.*WHPX/);
  expect(advice).not.toContain("install");
});
