import { inspectRemote } from "../../../core/remotes/transfer/inspect-remote.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { parseAddress } from "../../../shared/remotes/address.ts";
import type { InspectedRemote } from "../../../shared/remotes/inspected-remote.ts";
import { formatBytes, formatDigest } from "../../../shared/text/format.ts";
import { print, printJson, printNote } from "../../support/print.ts";
import { describeSignature } from "./describe-signature.ts";

/** `tinsmith inspect`, for an address. */
export async function inspectAddress(text: string, json: boolean, signal: AbortSignal): Promise<void> {
  const facts = await inspectRemote(parseAddress(text), {
    ...{ paths: findPaths(), signal, onNote: (note: string) => printNote(note) },
  });
  if (json) printJson(facts, 2);
  else print(describe(facts));
}

function describe({ name, size, sha256, pinned, signer, manifest }: InspectedRemote): string {
  const { kind, made, recipe, session, inputs = [], tools = {} } = manifest ?? {};
  const lines: readonly (readonly [string, string | undefined])[] = [
    ["name", name],
    ["size", size === undefined ? "unknown" : formatBytes(size)],
    ["sha256", sha256 ?? "unknown"],
    ["address", pinned],
    ["signature", signer ? describeSignature(signer) : "none"],
    ["kind", kind ?? "unknown: it has no manifest"],
    ["made", made],
    ["set", recipe?.set],
    ["session", session],
    ...inputs.map(
      ({ name: input, digest }, index) =>
        [index === 0 ? "inputs" : "", `${input} ${formatDigest(digest)}`] as const,
    ),
    ...Object.entries(tools).map(
      ([tool, version], index) => [index === 0 ? "tools" : "", `${tool} ${version}`] as const,
    ),
  ];
  return lines
    .filter(([, value]) => value !== undefined)
    .map(([term, value]) => `${term.padEnd(11)}${value}\n`)
    .join("");
}
