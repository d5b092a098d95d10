import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { AppError } from "../../../shared/errors/errors.ts";
import type { Argv } from "../../process/run-command.ts";
import { defaultLimits } from "../limits.ts";

const { helpTimeout, maxSocketPathBytes, relayBlockBytes, relayTimeout } = defaultLimits;

/**
 * The characters that pass unchanged through the relay's command and the QEMU option around it. A path begins with a
 * slash: that is also how socat tells a path from its other kinds of address.
 */
const plainPath = /^\/[A-Za-z0-9/_.-]*$/;

/**
 * Finds the program that joins a guest's connection to a unix socket: `[RELAY, SOCKET PATH].join(" ")` is the
 * command that QEMU starts for each connection, by `guestfwd=tcp:169.254.169.254:80-cmd:COMMAND`. It takes one that
 * keeps the reply to a request whose sender has closed its half, which not every nc does.
 *
 * @param searchPath folders, as in the environment variable PATH
 * @returns the program's absolute path and its arguments, to be followed by the socket's path
 * @throws AppError `missing-tool`
 */
export async function findRelay(searchPath = process.env.PATH ?? ""): Promise<Argv> {
  const folders = searchPath.split(delimiter);
  for (const netcat of [...programs(folders, "nc.openbsd"), ...programs(folders, "nc")])
    if ((await isExecutable(netcat)) && (await isOpenBsdNetcat(netcat))) return [netcat, "-N", "-U"];
  for (const socat of programs(folders, "socat"))
    if (await isExecutable(socat))
      return [socat, "-b", `${relayBlockBytes}`, "-t", `${relayTimeout / 1000}`, "-"];
  throw new AppError({
    code: "missing-tool",
    message: "a guest's network needs OpenBSD's nc or socat, and neither is installed",
    advice: "Install one: on Debian, apt-get install netcat-openbsd, or apt-get install socat.",
  });
}

/**
 * Makes sure that a relay can be told a socket's path: at most 100 of the characters `A-Za-z0-9/_.-`, from the root.
 *
 * @param advice what to do when it can't: without it, for the socket of a session.
 * @throws AppError `path-too-long`
 */
export function checkSocketPath(
  path: string,
  advice = "Set TINSMITH_HOME to a folder with a shorter, plain name.",
): void {
  if (plainPath.test(path) && path.length <= maxSocketPathBytes) return;
  throw new AppError({
    code: "path-too-long",
    message: `the socket ${path} can't be used: its path must be absolute, of at most ${maxSocketPathBytes} bytes, and of the characters A-Z a-z 0-9 / _ . - only`,
    advice,
  });
}

/** The possible paths of a program: in each folder whose name a relay's command can hold. */
function programs(folders: readonly string[], name: string): string[] {
  return folders.map((folder) => join(folder, name)).filter((path) => plainPath.test(path));
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function isOpenBsdNetcat(program: string): Promise<boolean> {
  const help = await execa(program, ["-h"], {
    reject: false,
    stdin: "ignore",
    all: true,
    timeout: helpTimeout,
  });
  return help.all?.includes("OpenBSD netcat") ?? false;
}
