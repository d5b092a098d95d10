import type { RemoteAddress } from "../../../shared/remotes/address.ts";
import type { InspectedRemote } from "../../../shared/remotes/inspected-remote.ts";
import type { RemoteContext } from "../remote.ts";
import { readImageFacts } from "./image-facts.ts";
import { openRemote } from "./open-remote.ts";

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
