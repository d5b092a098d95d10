import { resolve } from "node:path";
import { type Digests, digestText } from "../files/digest.ts";
import { findProgram } from "./find-program.ts";
import type { Argv } from "./run-command.ts";

/** One of the things that decide what a command builds. */
export interface NamedDigest {
  readonly kind: "file" | "tool" | "environment";
  readonly name: string;
  /** SHA-256, in hexadecimal. */
  readonly digest: string;
}

interface BuildCommand {
  readonly build: Argv;
  /** The variables that the recipe names. */
  readonly env?: readonly string[] | undefined;
}

/**
 * Takes the digests of a build command's program, which is a file of the recipe's or found on the PATH, and of the
 * variables that the recipe names.
 *
 * @throws the system's error for a program that can't be read.
 */
export async function commandDigests(
  folder: string,
  { build: [program], env = [] }: BuildCommand,
  digests: Digests,
): Promise<readonly NamedDigest[]> {
  const own: NamedDigest = program.includes("/")
    ? { kind: "file", name: program, digest: await digests.trees([resolve(folder, program)]) }
    : { kind: "tool", name: program, digest: await toolDigest(program, digests) };
  const variables = env.map(
    (name): NamedDigest => ({ kind: "environment", name, digest: variableDigest(name) }),
  );
  return [own, ...variables];
}

/** The digest of a program on the PATH, by which another version of it is told; `missing` when it is not there. */
export async function toolDigest(program: string, digests: Digests): Promise<string> {
  const path = findProgram(program);
  return path === undefined ? "missing" : await digests.file(path);
}

function variableDigest(name: string): string {
  return digestText(JSON.stringify(process.env[name] ?? null));
}
