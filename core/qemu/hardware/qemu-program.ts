/** The QEMU of this host: a name to be found on the PATH, or a path. */
export function qemuProgram(): string {
  return process.env.TINSMITH_QEMU || "qemu-system-x86_64";
}
