import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../../shared/errors/errors.ts";
import type { OciAddress } from "../../../shared/remotes/address.ts";
import { digestText } from "../../files/digest.ts";
import { tryLock } from "../../files/locks/file-lock.ts";
import { makePrivateFolder } from "../../files/private-folder.ts";
import { readVersioned, type VersionedFormat, writeVersioned } from "../../files/writing/versioned-json.ts";
import type { Paths } from "../../storage/paths.ts";

const uploadSchema = z.object({
  /** The registry's address of the upload: a secret, because it is enough to continue the upload. */
  location: z.string(),
});
type Upload = z.infer<typeof uploadSchema>;

const format: VersionedFormat<Upload> = {
  what: "an upload to a registry",
  schema: uploadSchema,
  migrations: [(upload) => upload],
  isPrivate: true,
};

/** Registries forget uploads after a week at most. Milliseconds. */
const longestUpload = 7 * 24 * 3600_000;

/** The record of the upload of a blob, which another process can resume; locked until it is disposed of. */
export interface UploadRecord extends Disposable {
  /** The registry's address of the upload, if one has begun. */
  recall(): string | undefined;
  keep(location: string): void;
  forget(): void;
}

/** @throws AppError `busy` while another process uploads the same blob */
export function openUploadRecord(
  { uploads }: Pick<Paths, "uploads">,
  address: OciAddress,
  digest: string,
): UploadRecord {
  const { registry, repository } = address;
  makePrivateFolder(uploads);
  forgetOld(uploads);
  const path = recordOf(uploads, address, digest);
  const lock = tryLock(`${path}.lock`, `process ${process.pid}`);
  if ("heldBy" in lock)
    throw new AppError({
      code: "busy",
      message: `${lock.heldBy} is already publishing this image to ${registry}/${repository}`,
      advice: "Wait until that is done.",
    });
  return {
    recall: () => {
      try {
        return existsSync(path) ? readVersioned(path, format).location : undefined;
      } catch {
        // It is only that the upload begins again.
        return undefined;
      }
    },
    keep: (location) => writeVersioned(path, format, { location }),
    forget: () => rmSync(path, { force: true }),
    [Symbol.dispose]: () => {
      rmSync(lock.path, { force: true });
      lock[Symbol.dispose]();
    },
  };
}

/** Forgets the upload of a blob that is there: the process that has uploaded it may have been killed before it did so. */
export function forgetUpload({ uploads }: Pick<Paths, "uploads">, address: OciAddress, digest: string): void {
  const path = recordOf(uploads, address, digest);
  for (const file of [path, `${path}.lock`]) rmSync(file, { force: true });
}

function recordOf(uploads: string, { registry, repository }: OciAddress, digest: string): string {
  return join(uploads, `${digestText(`${registry}/${repository} ${digest}`)}.json`);
}

function forgetOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const status = statSync(path, { throwIfNoEntry: false });
    if (status && status.mtimeMs < Date.now() - longestUpload) rmSync(path, { force: true });
  }
}
