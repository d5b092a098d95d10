import { AppError } from "../../../shared/errors/errors.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import type { Target } from "./find-target.ts";

/** A change of a file system on a raw disk, by programs that other people have written. */
export interface DiskChange {
  /** Only this user can enter it, and the programs run in it. It has the new content. */
  readonly folder: string;
  /** The path of the disk, from there: the programs give some characters a meaning. */
  readonly disk: string;
  /** The place of the file system on the disk, in bytes. */
  readonly offset: number;
  readonly content: { readonly name: string; readonly size: number; readonly mode: number };
  /** The path that is written to, for errors. */
  readonly shown: string;
  readonly signal?: AbortSignal | undefined;
}

/** For programs that write to a file system which may be hostile; they need far less for any other. */
export const toolLimits = { memory: 1024 ** 3, seconds: 600 } as const;

/** The folders of programs for administrators are not on the path of other users. */
export function toolEnvironment(): Readonly<Record<string, string>> {
  return { PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin`, LC_ALL: "C.UTF-8", TZ: "UTC" };
}

/** @param bytes of a file's content. @throws AppError `no-space` if a file system has fewer, as far as it tells */
export function requireRoom({ path, system, file }: Target, bytes: number): void {
  const { size, used } = system;
  if (size === undefined || used === undefined) return;
  const free = size - used + (file.replaced?.allocated ?? 0);
  if (bytes <= free) return;
  throw new AppError({
    code: "no-space",
    message: `${path} needs ${formatBytes(bytes)}, and its file system has ${formatBytes(free)} free`,
    advice: "Choose a smaller file. Or make room in the image first.",
  });
}

export function notWritable(path: string, reason: string): AppError {
  return new AppError({
    code: "usage",
    message: `${path} can't be written: ${reason}`,
    advice: "Boot the image, and change the file in its guest.",
  });
}
