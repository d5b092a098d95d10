import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError, toAppError } from "../../shared/errors/errors.ts";
import type { Signer } from "../../shared/remotes/inspected-remote.ts";
import { createTemporaryFolder } from "../files/writing/temporary-folder.ts";
import { type Argv, runCommand } from "../process/run-command.ts";

/** Says what a signature is for: one for another purpose, such as a commit, does not count. */
const namespace = "tinsmith-image";

/**
 * Signs a manifest.
 *
 * @param key the path of an SSH key: a private one, or a public one whose private one an agent has
 * @throws AppError as `runCommand`
 */
export async function signManifest(manifest: Uint8Array, key: string, signal?: AbortSignal): Promise<Buffer> {
  const argv = ["ssh-keygen", "-Y", "sign", "-n", namespace, "-f", key] as const;
  try {
    return Buffer.from(`${await runCommand(argv, { input: manifest, signal })}\n`);
  } catch (thrown) {
    const { code, message, details } = toAppError(thrown);
    if (code !== "command-failed") throw thrown;
    const advice = "Give the path of a private SSH key, or of a public one whose private key your agent has.";
    throw new AppError(
      { code, message: `${key} can't sign: ${message}`, advice, details },
      { cause: thrown },
    );
  }
}

/**
 * Finds out who has signed a manifest.
 *
 * @param allowedSigners a file in the form of ssh-keygen's allowed signers, which need not exist
 * @throws AppError `not-trusted` for a signature that is not one of this manifest; `missing-tool`; the signal's reason
 */
export async function findSigner(
  { manifest, signature, name }: { manifest: Uint8Array; signature: Uint8Array; name: string },
  allowedSigners: string,
  signal?: AbortSignal,
): Promise<Signer> {
  using folder = createTemporaryFolder("signature", "checking a signature");
  const file = join(folder.path, "sig");
  writeFileSync(file, signature);
  const ask = async (...args: readonly string[]) => {
    const argv: Argv = ["ssh-keygen", "-Y", ...args, "-n", namespace, "-s", file];
    return await runCommand(argv, { input: manifest, signal });
  };
  const checked = await ask("check-novalidate").catch((thrown: unknown) => {
    const { code } = toAppError(thrown);
    throw code === "command-failed" ? wrongSignature(name, thrown) : thrown;
  });
  const key = keyIn(checked);
  if (!existsSync(allowedSigners)) return { kind: "unknown", key };
  for (const principal of await principalsOf(file, allowedSigners, signal)) {
    const verified = await ask("verify", "-f", allowedSigners, "-I", principal).catch(passOverFailure);
    if (verified !== undefined) return { kind: "allowed", principal, key };
  }
  return { kind: "unknown", key };
}

/** The names that the allowed signers give the key of a signature. */
async function principalsOf(
  signature: string,
  allowedSigners: string,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const argv = ["ssh-keygen", "-Y", "find-principals", "-s", signature, "-f", allowedSigners] as const;
  const found = await runCommand(argv, { signal }).catch(passOverFailure);
  return (found ?? "").split("\n").filter(Boolean);
}

/** A program that says no is not a failure. */
function passOverFailure(thrown: unknown): undefined {
  if (toAppError(thrown).code !== "command-failed") throw thrown;
}

/** `ED25519 key SHA256:...` in `Good "tinsmith-image" signature with ED25519 key SHA256:...` */
function keyIn(said: string): string {
  return /with (\S+ key \S+)/.exec(said)?.[1] ?? "a key";
}

function wrongSignature(name: string, cause: unknown): AppError {
  return new AppError(
    {
      code: "not-trusted",
      message: `the signature of ${name} is wrong: it is not one of this manifest`,
      advice: "Somebody has changed one of them. Fetch the image again, from its author.",
    },
    { cause },
  );
}
