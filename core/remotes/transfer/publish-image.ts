import { AppError } from "../../../shared/errors/errors.ts";
import { formatAddress, type RemoteAddress } from "../../../shared/remotes/address.ts";
import { openLocalImage } from "../local-image.ts";
import type { FileKind, RemoteContext } from "../remote.ts";
import { openRemote } from "./open-remote.ts";

interface PublishOptions extends RemoteContext {
  /** The path of an SSH key that signs the manifest. */
  readonly signingKey?: string | undefined;
  /** Called with the name of the file that is sent, the bytes of it that are there, and its size. */
  readonly onProgress?: (name: string, done: number, total: number) => void;
}

/** An image that was published. */
export interface PublishedImage {
  /** The address of this very content. */
  readonly pinned: string;
  /** Whether all was there before, under this name. */
  readonly wasThere: boolean;
  /** The files, and whether each was sent. */
  readonly files: readonly {
    readonly kind: FileKind;
    readonly name: string;
    readonly size: number;
    readonly sent: boolean;
  }[];
}

/**
 * Publishes an archive with its manifest and signature. Files that are there are not sent again, and all is sent before anything
 * of it is visible.
 *
 * @throws AppError as the remote does, and `openLocalImage`
 */
export async function publishImage(
  archive: string,
  address: RemoteAddress,
  { signingKey, onProgress, ...context }: PublishOptions,
): Promise<PublishedImage> {
  await using remote = await openRemote(address, "publish", context);
  const { target } = remote;
  if (!target) throw notATarget(address);
  await using image = await openLocalImage(archive, context, signingKey);
  const files: PublishedImage["files"][number][] = [];
  for (const file of image.files) {
    const { kind, name, size } = file;
    const sent = !(await target.has(file));
    if (sent) await target.put(file, (done) => onProgress?.(name, done, size));
    files.push({ kind, name, size, sent });
  }
  const { manifest } = image;
  const { pinned, wasThere } = await target.publish(image.files, {
    ...(manifest && { made: manifest.made, kind: manifest.kind }),
  });
  return { pinned, wasThere, files };
}

function notATarget(address: RemoteAddress): AppError {
  const isPinned = address.kind === "oci";
  return new AppError({
    code: "usage",
    message: `nothing can be published to ${formatAddress(address)}: ${isPinned ? "it has a digest, and no tag alone" : "it is only for fetching"}`,
    advice: isPinned
      ? "Give a tag: oci://REGISTRY/NAME:TAG."
      : "Publish to oci://REGISTRY/NAME:TAG or file:PATH, or copy the files to the web server yourself.",
  });
}
