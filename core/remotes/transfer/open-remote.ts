import { AppError } from "../../../shared/errors/errors.ts";
import type { RemoteAddress } from "../../../shared/remotes/address.ts";
import { fileRemote } from "../file/file-remote.ts";
import { ociRemote } from "../oci/oci-remote.ts";
import type { Remote, RemoteContext } from "../remote.ts";
import { webRemote } from "../web/web-remote.ts";

/** Opens the remote of an address. @param purpose decides the rights that a registry is asked for */
export async function openRemote(
  address: RemoteAddress,
  purpose: "fetch" | "publish",
  context: RemoteContext,
): Promise<Remote> {
  switch (address.kind) {
    case "file":
      return fileRemote(address, context);
    case "web":
      return await webRemote(address, context);
    case "oci":
      return await ociRemote(address, purpose === "publish" ? "pull,push" : "pull", context);
    case "s3":
      throw new AppError({
        code: "usage",
        message: "this Tinsmith can't read or write buckets of S3 yet",
        advice: "Use a registry, or the bucket's https:// address to fetch an image.",
      });
  }
}
