import { z } from "zod";
import { AppError } from "../../../shared/errors/errors.ts";
import { inMemory } from "../local-image.ts";
import type { FileKind, LocalFile, PublishedFacts } from "../remote.ts";

/** Marks an OCI artifact as an image of Tinsmith. */
const artifactType = "application/vnd.tinsmith.image.v1";
const manifestType = "application/vnd.oci.image.manifest.v1+json";
/** All forms of manifests, so that the error can say which one it is. */
export const acceptedTypes = [
  manifestType,
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
].join(", ");

const mediaTypes: Readonly<Record<Exclude<FileKind, "archive">, string>> = {
  config: "application/vnd.oci.empty.v1+json",
  manifest: "application/vnd.tinsmith.image.manifest.v1+json",
  signature: "application/vnd.tinsmith.image.signature.v1",
};
const archiveType = "application/vnd.tinsmith.image.archive.v1.tar";
const title = "org.opencontainers.image.title";

/** The configuration of an artifact that has none. */
export const emptyConfig: LocalFile = inMemory("config", "config.json", Buffer.from("{}"));

/** The OCI manifest of an image, as text. The same files have the same one. */
export function makeOciManifest(files: readonly LocalFile[], { made, kind }: PublishedFacts): string {
  const describe = (file: LocalFile) => ({
    mediaType: typeOf(file),
    digest: `sha256:${file.sha256}`,
    size: file.size,
  });
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    artifactType,
    config: describe(emptyConfig),
    layers: files.map((file) => ({ ...describe(file), annotations: { [title]: file.name } })),
    annotations: {
      ...(made !== undefined && { "org.opencontainers.image.created": made }),
      ...(kind !== undefined && { "dev.tinsmith.kind": kind }),
    },
  });
}

function typeOf({ kind, name }: LocalFile): string {
  if (kind !== "archive") return mediaTypes[kind];
  return `${archiveType}${name.endsWith(".tar.zst") ? "+zstd" : "+lz4"}`;
}

export const ociManifestType = manifestType;

const layerSchema = z.looseObject({
  mediaType: z.string().default(""),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  size: z.int().nonnegative(),
  annotations: z.record(z.string(), z.string()).nullish(),
});
const manifestSchema = z.looseObject({ layers: z.array(layerSchema) });

/** A file of an image at a registry. */
export interface Layer {
  readonly name: string | undefined;
  /** `sha256:HEX` */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** The files of an image, found in its OCI manifest. */
export type ImageLayers = { readonly archive: Layer } & Readonly<
  Partial<Record<"manifest" | "signature", Layer>>
>;

/**
 * Reads an OCI manifest: one of Tinsmith, or one of any program with an image archive as a layer.
 *
 * @throws AppError `invalid-archive`
 */
export function readOciManifest(text: string, address: string): ImageLayers {
  const data = parseJson(text);
  const { success, data: manifest } = manifestSchema.safeParse(data);
  if (!success) {
    const isIndex = Array.isArray(Object(data).manifests);
    throw refused(
      address,
      isIndex ? "it is an index of several manifests" : "its manifest is not an OCI image manifest",
      isIndex ? "Give the digest of one of them: oci://REGISTRY/NAME@sha256:DIGEST." : undefined,
    );
  }
  const layers = manifest.layers.map(({ annotations, ...layer }) => ({
    ...layer,
    name: annotations?.[title],
  }));
  const archives = layers.filter(
    ({ mediaType, name = "" }) => mediaType.startsWith(archiveType) || /\.tar\.(?:lz4|zst)$/.test(name),
  );
  const [archive] = archives.length > 0 ? archives : layers;
  if (!archive || archives.length > 1 || (archives.length === 0 && layers.length > 1))
    throw refused(address, `it has ${archives.length} image archives, not one`);
  const beside = (kind: "manifest" | "signature", ending: string) =>
    layers.find(
      ({ mediaType, name }) =>
        mediaType === mediaTypes[kind] || (name !== undefined && name === `${archive.name}${ending}`),
    );
  const found = {
    manifest: beside("manifest", ".manifest.json"),
    signature: beside("signature", ".manifest.json.sig"),
  };
  return {
    archive,
    ...(found.manifest && { manifest: found.manifest }),
    ...(found.signature && { signature: found.signature }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused(
  address: string,
  reason: string,
  advice = "Check the address: an image is published by tinsmith publish, or oras push FILE.tar.lz4.",
): AppError {
  return new AppError({ code: "invalid-archive", message: `${address} is not an image: ${reason}`, advice });
}
