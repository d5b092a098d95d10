import { runCommand } from "../../process/run-command.ts";

/**
 * The system calls that QEMU does not need, in the terms of its option `-sandbox` (a seccomp filter). It starts the
 * relay to the MetaService for each of the guest's connections, by fork, setsid and exec: with `spawn=deny` or
 * `elevateprivileges=deny` the kernel kills QEMU or its child at that (seen with 7.2). The program that starts it
 * makes sure that it can't gain privileges.
 */
const restrictions = "on,obsolete=deny,resourcecontrol=deny";

/**
 * The value of QEMU's option `-sandbox` where it works, found out by trying: a QEMU without seccomp refuses the
 * option, a kernel or container without it refuses the filter.
 */
export async function findSandbox(program: string): Promise<string | undefined> {
  // QEMU sets up its sandbox before it prints this list.
  return runCommand([program, "-sandbox", restrictions, "-device", "help"]).then(
    () => restrictions,
    () => undefined,
  );
}
