import { AppError } from "../../../shared/errors/errors.ts";
import { formatAddress, type OciAddress } from "../../../shared/remotes/address.ts";
import { digestText } from "../../files/digest.ts";
import { httpFile } from "../../network/fetching/remote-file.ts";
import type { SendRequest } from "../../network/http-client.ts";
import { mostManifestBytes, mostSignatureBytes } from "../../signature/archive-signature.ts";
import type { PublishTarget, Remote, RemoteContext, RemoteImage } from "../remote.ts";
import {
  acceptedTypes,
  emptyConfig,
  type Layer,
  makeOciManifest,
  ociManifestType,
  readOciManifest,
} from "./oci-manifest.ts";
import { openRegistry, type Registry } from "./registry.ts";
import { hasBlob, uploadBlob } from "./upload-blob.ts";
import { forgetUpload } from "./upload-record.ts";

/** An image at an OCI registry: an artifact whose layers are the archive, its manifest and its signature. */
export async function ociRemote(
  address: OciAddress,
  rights: "pull" | "pull,push",
  context: RemoteContext,
): Promise<Remote> {
  const registry = await openRegistry(address, rights, context);
  return {
    find: () => findImage(registry),
    target: address.digest === undefined ? ociTarget(registry, context) : undefined,
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}

async function findImage(registry: Registry): Promise<RemoteImage> {
  const { address } = registry;
  const text = formatAddress(address);
  const reference = address.digest ?? address.tag ?? "";
  const reply = await registry.ask(registry.url(`manifests/${reference}`), {
    headers: { Accept: acceptedTypes },
  });
  if (reply.status === 404) throw missing(text);
  if (reply.status !== 200) throw registry.refusal(reply, "reading it");
  const digest = `sha256:${digestText(reply.bytes)}`;
  if (address.digest !== undefined && digest !== address.digest) throw changed(text, "its manifest");
  const { archive, manifest, signature } = readOciManifest(reply.bytes.toString(), text);
  const send: SendRequest = async (url, request) => {
    const response = await registry.send(url, request);
    if ([401, 403].includes(response.status))
      throw registry.refusal({ status: response.status, bytes: Buffer.alloc(0) }, "reading its archive");
    return response;
  };
  return {
    archive: httpFile(send, registry.url(`blobs/${archive.digest}`), { name: text, size: archive.size }),
    fileName: archive.name,
    sha256: archive.digest.replace("sha256:", ""),
    manifest: manifest && (await readLayer(registry, manifest, mostManifestBytes)),
    signature: manifest && signature && (await readLayer(registry, signature, mostSignatureBytes)),
    pinned: formatAddress({ ...address, digest }),
  };
}

/** Reads a small file of an image. @throws AppError `file-changed` when it is another one */
async function readLayer(registry: Registry, { digest, size, name }: Layer, most: number): Promise<Buffer> {
  const text = formatAddress(registry.address);
  if (size > most)
    throw new AppError({
      code: "invalid-archive",
      message: `${text} is not an image: its ${name} has ${size} bytes`,
      advice: "Check the address.",
    });
  const reply = await registry.ask(registry.url(`blobs/${digest}`));
  if (reply.status !== 200) throw registry.refusal(reply, `reading its ${name}`);
  if (`sha256:${digestText(reply.bytes)}` !== digest) throw changed(text, `its ${name}`);
  return reply.bytes;
}

function ociTarget(registry: Registry, context: RemoteContext): PublishTarget {
  const { address } = registry;
  return {
    has: async (file) => {
      const isThere = await hasBlob(registry, file);
      if (isThere) forgetUpload(context.paths, address, file.sha256);
      return isThere;
    },
    put: (file, onProgress) => uploadBlob(registry, file, { ...context, onProgress }),
    publish: async (files, facts) => {
      if (!(await hasBlob(registry, emptyConfig)))
        await uploadBlob(registry, emptyConfig, { ...context, onProgress: () => {} });
      const text = makeOciManifest(files, facts);
      const digest = `sha256:${digestText(text)}`;
      const pinned = formatAddress({ ...address, digest });
      const url = registry.url(`manifests/${address.tag}`);
      const there = await registry.ask(url, { method: "HEAD", headers: { Accept: acceptedTypes } });
      if (there.status === 200 && there.header("docker-content-digest") === digest)
        return { pinned, wasThere: true };
      const headers = { "Content-Type": ociManifestType };
      const reply = await registry.ask(url, { method: "PUT", headers, body: Buffer.from(text) });
      if (reply.status !== 201) throw registry.refusal(reply, "publishing it");
      return { pinned, wasThere: false };
    },
  };
}

function missing(address: string): AppError {
  return new AppError({
    code: "missing-file",
    message: `${address} does not exist: the registry has no such name, tag or digest`,
    advice: "Check the address.",
  });
}

function changed(address: string, part: string): AppError {
  return new AppError({
    code: "file-changed",
    message: `${address} is refused: ${part} has another SHA-256 than its digest says`,
    advice: "The registry has changed or damaged it: publish the image again, and tell the registry's owner.",
  });
}
