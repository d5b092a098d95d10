import { runCommand } from "../../process/run-command.ts";

// The features that every virtual machine is started with, and that QEMU may have been built without.

/** Whether QEMU can show a guest's screen to VNC viewers. */
export async function hasVnc(program: string): Promise<boolean> {
  // One without VNC refuses the option before it prints the list; with it, no server is begun.
  return runCommand([program, "-vnc", "unix:/nonexistent", "-device", "help"]).then(
    () => true,
    () => false,
  );
}

/** Whether QEMU can give a guest a network without any rights on the host, by the library libslirp. */
export async function hasUserNetwork(program: string): Promise<boolean> {
  const backends = await runCommand([program, "-machine", "none", "-nodefaults", "-netdev", "help"]);
  return backends.split("\n").includes("user");
}
