import type { RemoteFile } from "../network/fetching/remote-file.ts";
import type { TransferLimits } from "../network/fetching/transfer-limits.ts";
import type { Paths } from "../storage/paths.ts";

/** A place of an image, as its address names it: the same for files, web servers, registries and buckets. */
export interface Remote extends AsyncDisposable {
  /**
   * Finds the image, without its archive.
   *
   * @throws AppError `missing-file` when there is none, `no-permission`, `command-failed`
   */
  find(): Promise<RemoteImage>;
  /** Undefined for a remote to which nothing can be published. */
  readonly target: PublishTarget | undefined;
}

/** An image at a remote. */
export interface RemoteImage {
  readonly archive: RemoteFile;
  /** The archive's file name, if the remote has one. It comes from somebody else. */
  readonly fileName: string | undefined;
  /** The archive's SHA-256 in hexadecimal, as far as the remote or the address says it. */
  readonly sha256: string | undefined;
  /** Marks the content, if no digest is known. */
  readonly version?: string | undefined;
  readonly manifest: Buffer | undefined;
  readonly signature: Buffer | undefined;
  /** The address of this very content, if there is one. */
  readonly pinned: string | undefined;
}

/** The files that make up an image at a remote. A registry wants a `config`, too. */
export type FileKind = "archive" | "manifest" | "signature" | "config";

/** A file that is published. */
export interface LocalFile {
  readonly kind: FileKind;
  /** Without a folder. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** In hexadecimal. */
  readonly sha256: string;
  /** Reads a part of it. @throws AppError `file-changed` when it is shorter by now */
  read(from: number, length: number): Promise<Buffer>;
}

/** The image that is published, in a few words for other programs. */
export interface PublishedFacts {
  /** When the archive was made: a time as ISO 8601 has it. */
  readonly made?: string;
  readonly kind?: string;
}

/** Takes the files of an image one after another, and then makes them visible. */
export interface PublishTarget {
  /** Whether a file is there already: then it is not sent. */
  has(file: LocalFile): Promise<boolean>;
  /** Sends a file, or the rest of it. @param onProgress called with the number of bytes that are there */
  put(file: LocalFile, onProgress: (done: number) => void): Promise<void>;
  /**
   * Gives the files their name.
   *
   * @returns the address of this very content, and whether all was there before
   */
  publish(
    files: readonly LocalFile[],
    facts: PublishedFacts,
  ): Promise<{ readonly pinned: string; readonly wasThere: boolean }>;
}

/** All that the work with a remote needs. */
export interface RemoteContext {
  readonly paths: Paths;
  readonly signal: AbortSignal;
  /** Called with lines for the person. */
  readonly onNote: (text: string) => void;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly limits?: TransferLimits | undefined;
}
