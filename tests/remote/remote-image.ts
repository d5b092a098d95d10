import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { digestFile } from "../../core/files/digest.ts";
import { packArchive } from "../../core/image/archive/pack-archive.ts";
import { mebibyte, writeSparseFile } from "../../core/image/test-fixtures.ts";
import { writeManifest } from "../../core/manifest/manifest-file.ts";
import { tinsmithProgram } from "../guest/tinsmith.ts";

/** An image of this host in a home of its own, and the CLI for it. */
export interface RemoteImage extends Disposable {
  readonly home: string;
  readonly archive: string;
  readonly sha256: string;
  /** An SSH key, whose owner is an allowed signer. */
  readonly key: string;
  /** Gives the archive another content, and returns its SHA-256. */
  change(): Promise<string>;
  /** Runs `tinsmith`. */
  run(...args: readonly string[]): Promise<{ readonly exitCode?: number; readonly all: string }>;
}

/** @param megabytes of content that nothing compresses */
export async function makeRemoteImage(megabytes: number): Promise<RemoteImage> {
  const home = mkdtempSync(join(tmpdir(), "remote-"));
  const [folder, archive, key] = [join(home, "image"), join(home, "worker.tar.lz4"), join(home, "key")];
  for (const name of ["image", "temporary"]) mkdirSync(join(home, name));
  writeFileSync(join(folder, "machine.json"), '{"version": 1}');
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  writeFileSync(join(home, "allowed_signers"), `me@example.org ${readFileSync(`${key}.pub`, "utf8")}`);
  const change = async () => {
    await writeSparseFile(join(folder, "disk.img"), 128 * mebibyte, { 0: randomBytes(megabytes * mebibyte) });
    writeManifest(await packArchive({ folder, target: archive }), { kind: "pack" });
    return await digestFile(archive);
  };
  const env = { CI: "true", TINSMITH_HOME: home, DOCKER_CONFIG: home };
  return {
    ...{ home, archive, key, change, sha256: await change() },
    run: (...args) => execa(tinsmithProgram, args, { env, cwd: home, reject: false, all: true }),
    [Symbol.dispose]: () => rmSync(home, { recursive: true }),
  };
}
