import type { Manifest } from "../../../shared/library/manifest.ts";
import type { RemoteAddress } from "../../../shared/remotes/address.ts";
import type { Signer } from "../../signature/ssh-signature.ts";
import type { RemoteContext } from "../remote.ts";
import { readImageFacts } from "./image-facts.ts";
import { openRemote } from "./open-remote.ts";

/** The facts about an image at a remote. */
export interface InspectedRemote {
  /** The archive's file name, if the remote has one. */
  readonly name: string | undefined;
  /** Bytes of the archive, if the remote says so. */
  readonly size: number | undefined;
  /** Of the archive, in hexadecimal. */
  readonly sha256: string | undefined;
  /** The address of this very content. */
  readonly pinned: string | undefined;
  readonly signer: Signer | undefined;
  readonly manifest: Manifest | undefined;
}

/** Describes an image at a remote; nothing of its archive is fetched. @throws AppError as `fetchImage` */
export async function inspectRemote(
  address: RemoteAddress,
  { allowedSigners, ...context }: RemoteContext & { readonly allowedSigners?: string | undefined },
): Promise<InspectedRemote> {
  await using remote = await openRemote(address, "fetch", context);
  const image = await remote.find();
  const { paths } = context;
  const facts = await readImageFacts(address, image, allowedSigners ?? paths.allowedSigners, context);
  const { fileName: name, pinned, archive } = image;
  return { name, size: archive.size, pinned, ...facts };
}
