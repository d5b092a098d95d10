import { AppError } from "../../../shared/errors/errors.ts";
import { partialPath } from "../../files/writing/temporary-names.ts";
import { createHttpClient } from "../http-client.ts";
import { fetchFile } from "./fetch-file.ts";
import { PartialDownload } from "./partial-download.ts";
import { httpFile } from "./remote-file.ts";
import type { TransferLimits } from "./transfer-limits.ts";

/** A file at an http or https address that can't be told from another one but by its digest. */
export interface DownloadSource {
  readonly url: string;
  /** In hexadecimal. */
  readonly sha256: string;
}

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes that are there, and how many there will be where the server says so. */
  readonly onProgress?: ((done: number, total: number | undefined) => void) | undefined;
  readonly limits?: TransferLimits | undefined;
}

/**
 * Fetches a file, and gives it its name when its digest is right. An interrupted download resumes: in the same call
 * when the server comes back soon, otherwise in a later call from the bytes on disk, even when this process was
 * killed.
 *
 * @throws AppError `command-failed` when the server does not give the file, `invalid-recipe` when it is another one,
 *   `no-space`, `busy` while another process fetches it; the signal's reason when it aborts.
 */
export async function download(
  source: DownloadSource,
  target: string,
  options: DownloadOptions = {},
): Promise<void> {
  const { url, sha256 } = source;
  await using client = await createHttpClient();
  await using partial = await PartialDownload.open(partialPath(target), { name: url });
  for (let isFresh = partial.parts.bytes === 0; ; isFresh = true) {
    await fetchFile(httpFile(client.request, url), partial, options);
    const digest = await partial.digest();
    if (digest === sha256) break;
    // Bytes from an earlier try may belong to another file.
    await partial.clear();
    if (isFresh) {
      await partial.remove();
      throw anotherFile(source, digest);
    }
  }
  await partial.commit(target);
}

function anotherFile({ url, sha256 }: DownloadSource, digest: string): AppError {
  return new AppError({
    code: "invalid-recipe",
    message: `${url} has another SHA-256 than expected`,
    advice: "Check the address and its sha256.",
    details: [`expected sha256 ${sha256}`, `received sha256 ${digest}`],
  });
}
