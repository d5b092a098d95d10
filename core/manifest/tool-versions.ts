import { type Argv, runCommand } from "../process/run-command.ts";

/** The commands by which programs tell their versions. */
const questions: Readonly<Record<string, Argv>> = {
  "qemu-img": ["qemu-img", "--version"],
  xorriso: ["xorriso", "-version"],
  Go: ["go", "version"],
};

/**
 * The versions of programs by their names, without those that are not there or that Tinsmith can't ask.
 *
 * @throws the signal's reason
 */
export async function toolVersions(
  names: readonly string[],
  signal?: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const ask = async (name: string) => {
    const question = questions[name];
    // Else Go would look into the folder at hand for the version to use, and may fetch that.
    const options = { signal, env: { GOTOOLCHAIN: "local" } };
    const version = question && versionIn(await runCommand(question, options).catch(() => ""));
    return version === undefined ? [] : [[name, version] as const];
  };
  const found = await Promise.all(names.map(ask));
  signal?.throwIfAborted();
  return Object.fromEntries(found.flat());
}

/** `7.2.22 (Debian 1:7.2+dfsg-7)` in `qemu-img version 7.2.22 (Debian 1:7.2+dfsg-7)`; `1.24.4` in `go version go1.24.4 linux/amd64`. */
export function versionIn(said: string): string | undefined {
  return /\d+(?:\.\d+)+[\w.+~-]*(?: \(Debian [^)]*\))?/.exec(said)?.[0];
}
