import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../process/run-command.ts";
import { installation } from "../storage/installation.ts";
import { good, type Observation } from "./finding.ts";

/** Things that can't be done without Go. */
export const withoutGo =
  "Tinsmith's own guest tools can't be compiled without it; a recipe can name a binary in their place (guestTools: {binary: FILE}).";

/** Examines the Go that the PATH finds. */
export async function examineGo({ guestTools } = installation): Promise<Observation> {
  if ("binary" in guestTools) return good("not needed: the guest tools are already built");
  // Else Go would look into the folder at hand for the version to use, and may fetch that.
  const said = await runCommand(["go", "version"], { env: { GOTOOLCHAIN: "local" } });
  const needed = /^go (.+)$/m.exec(await readFile(join(guestTools.sources, "go.mod"), "utf8"))?.[1] ?? "";
  return describeGo(said, needed);
}

/**
 * Whether a Go can compile the guest tools, for 32-bit Linux as for any system that it knows.
 *
 * @param said as in `go version go1.19.8 linux/amd64`
 * @param needed the version of the guest tools' go.mod, as in `1.19`
 */
export function describeGo(said: string, needed: string): Observation {
  const [, version = "of an unknown version"] = /\bgo(\d+\.\d+\S*)/.exec(said) ?? [];
  if (minor(version) >= minor(needed))
    return good(`${version} compiles the guest tools for 32-bit Linux (needed: ${needed} or newer)`);
  const text = `${version} is too old for the guest tools: they need ${needed} or newer`;
  return { ok: false, text, advice: `${withoutGo} Install a newer one, from Debian's backports or go.dev.` };
}

/** The number N of a version 1.N. */
function minor(version: string): number {
  return Number.parseInt(version.split(".")[1] ?? "", 10);
}
