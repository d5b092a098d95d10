import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestFile } from "../../core/files/digest.ts";
import { runCommand } from "../../core/process/run-command.ts";

/** The namespace of a release's signature: a signature that the key has made for another purpose does not count. */
const namespace = "tinsmith-release";

/** Writes SHA256SUMS for the files of a folder, in the form of sha256sum. @returns its text */
export async function writeSums(folder: string): Promise<string> {
  const names = readdirSync(folder).sort();
  const lines = await Promise.all(
    names.map(async (name) => `${await digestFile(join(folder, name))}  ${name}\n`),
  );
  writeFileSync(join(folder, "SHA256SUMS"), lines.join(""));
  return lines.join("");
}

/** Signs the SHA256SUMS of a folder with an SSH key, as SHA256SUMS.sig. */
export async function signSums(folder: string, key: string): Promise<void> {
  await runCommand(["ssh-keygen", "-Y", "sign", "-f", key, "-n", namespace, "SHA256SUMS"], { cwd: folder });
}
