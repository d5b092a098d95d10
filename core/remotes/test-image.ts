import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { digestFile } from "../files/digest.ts";
import { packArchive } from "../image/archive/pack-archive.ts";
import { mebibyte, writeSparseFile } from "../image/test-fixtures.ts";
import { writeManifest } from "../manifest/manifest-file.ts";
import { newHome } from "../session/serve/test-session.ts";
import type { Paths } from "../storage/paths.ts";
import type { RemoteContext } from "./remote.ts";

/** An image archive with its manifest, in a home of its own, and a key to sign it with. */
export interface TestImage {
  readonly paths: Paths;
  readonly folder: string;
  readonly archive: string;
  readonly sha256: string;
  readonly key: string;
  readonly notes: string[];
  readonly context: RemoteContext;
}

/** @param megabytes of content that can't be compressed */
export async function makeTestImage(megabytes = 2): Promise<TestImage> {
  const paths = newHome();
  const folder = dirname(paths.allowedSigners);
  const image = join(folder, "image");
  mkdirSync(image, { recursive: true });
  await writeSparseFile(join(image, "disk.img"), 64 * mebibyte, { 0: randomBytes(megabytes * mebibyte) });
  writeFileSync(join(image, "machine.json"), '{"version": 1}');
  const archive = join(folder, "worker.tar.lz4");
  const packed = await packArchive({ folder: image, target: archive });
  writeManifest(packed, { kind: "pack" });
  const key = join(folder, "key");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  const notes: string[] = [];
  const context: RemoteContext = {
    ...{ paths, signal: new AbortController().signal, onNote: (text: string) => void notes.push(text) },
    environment: { DOCKER_CONFIG: folder },
    limits: { emptyTries: 3, pause: 1, stall: 10_000 },
  };
  return { paths, folder, archive, sha256: await digestFile(archive), key, notes, context };
}

/** Makes the image's key one of an allowed signer. */
export function allowSigner({ paths, key }: TestImage, principal: string): void {
  writeFileSync(paths.allowedSigners, `${principal} ${readFileSync(`${key}.pub`, "utf8")}`);
}
