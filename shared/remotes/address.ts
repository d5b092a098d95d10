import { AppError } from "../errors/errors.ts";

/** The place of an image: a file, a web address, a registry, or a bucket. A SHA-256 in it is in hexadecimal. */
export type RemoteAddress = FileAddress | WebAddress | OciAddress | S3Address;

/** `file:PATH` or `file:///PATH`, with `#sha256=HEX` of the archive. */
export interface FileAddress {
  readonly kind: "file";
  /** As it was given: relative to the current folder, or absolute. */
  readonly path: string;
  readonly sha256?: string;
}

/** `https://...`, with `#sha256=HEX` of the archive. */
export interface WebAddress {
  readonly kind: "web";
  readonly url: string;
  readonly sha256?: string;
}

/** `oci://REGISTRY/NAME:TAG`, or with `@sha256:HEX` of the OCI manifest, which then counts. */
export interface OciAddress {
  readonly kind: "oci";
  /** A host, and a port after a colon. */
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:HEX` */
  readonly digest?: string;
}

/** `s3://BUCKET/KEY`, with `#sha256=HEX` of the archive. */
export interface S3Address {
  readonly kind: "s3";
  readonly bucket: string;
  readonly key: string;
  readonly sha256?: string;
}

const schemes = "file:, https://, oci:// or s3://";

/** Whether a text has one of the schemes of addresses, and is not just the path of a file. */
export function isRemoteAddress(text: string): boolean {
  return /^(?:file:|(?:https?|oci|s3):\/\/)/.test(text);
}

/** Reads an address. @throws AppError `usage`, which names the part that is wrong */
export function parseAddress(text: string): RemoteAddress {
  const [, scheme = "", rest = ""] = /^([a-z0-9+.-]+):(.*)$/s.exec(text) ?? [];
  switch (scheme) {
    case "file":
      return parseFile(text, rest);
    case "http":
    case "https":
      return parseWeb(text);
    case "oci":
      return parseOci(text, rest);
    case "s3":
      return parseS3(text, rest);
    default:
      throw wrong(
        text,
        scheme ? `the scheme ${scheme}: is unknown` : "it has no scheme",
        `Begin the address with ${schemes}; a file of this host is file:PATH.`,
      );
  }
}

/** The text of an address. */
export function formatAddress(address: RemoteAddress): string {
  switch (address.kind) {
    case "file":
      return `file:${address.path}${formatFragment(address)}`;
    case "web":
      return `${address.url}${formatFragment(address)}`;
    case "s3":
      return `s3://${address.bucket}/${address.key}${formatFragment(address)}`;
    case "oci": {
      const { registry, repository, tag, digest } = address;
      return `oci://${registry}/${repository}${digest ? `@${digest}` : `:${tag}`}`;
    }
  }
}

/** Whether a host, with or without a port, is this one: nobody else can listen to what is sent there. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, "");
  return /^(?:127(?:\.\d+){3}|\[::1\]|(?:[\w-]+\.)*localhost)$/.test(name);
}

function formatFragment({ sha256 }: { readonly sha256?: string }): string {
  return sha256 === undefined ? "" : `#sha256=${sha256}`;
}

function parseFile(text: string, rest: string): FileAddress {
  const { bare, sha256 } = splitFragment(text, rest);
  const path = bare.startsWith("//") ? decode(text, bare.replace(/^\/\/(?:localhost)?/, "")) : bare;
  if (bare.startsWith("//") && !path.startsWith("/"))
    throw wrong(text, "its path does not begin with /", "Write file:PATH, or file:///PATH.");
  if (path === "") throw wrong(text, "it has no path", "Write file:PATH.");
  return { kind: "file", path, ...sha256 };
}

function parseWeb(text: string): WebAddress {
  const { bare, sha256 } = splitFragment(text, text);
  const [, scheme, host = "", fragment] = /^(https?):\/\/([^/?#\s]+)[^#\s]*(#.*)?$/s.exec(bare) ?? [];
  if (host.includes("@"))
    throw wrong(text, "it has a user or a password", "Remove them: addresses are shown and kept.", true);
  if (host === "") throw wrong(text, "it is not a valid URL", "Write https://HOST/PATH.");
  if (fragment) throw wrong(text, `its part ${fragment} is not #sha256=HEX`, "Remove it.");
  if (scheme === "http" && !sha256 && !isLoopback(host))
    throw wrong(
      text,
      "http:// protects nothing on its way, and it has no digest",
      "Use https://, or add #sha256=HEX, the archive's digest.",
    );
  return { kind: "web", url: bare, ...sha256 };
}

const registryForm = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?$/;
const repositoryForm = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const tagForm = /^\w[\w.-]{0,127}$/;
const ociForm = "Write oci://REGISTRY/NAME:TAG or oci://REGISTRY/NAME@sha256:DIGEST.";

function parseOci(text: string, rest: string): OciAddress {
  const [, registry = "", path = ""] = /^\/\/([^/]*)(?:\/(.*))?$/s.exec(rest) ?? [];
  const [, named = "", digest] = /^([^@]*)(?:@(.*))?$/s.exec(path) ?? [];
  const [, repository = "", tag] = /^(.*?)(?::([^/]*))?$/s.exec(named) ?? [];
  if (!registryForm.test(registry))
    throw wrong(text, `its registry ${JSON.stringify(registry)} is not HOST or HOST:PORT`, ociForm);
  if (!repositoryForm.test(repository))
    throw wrong(
      text,
      `its name ${JSON.stringify(repository)} is not one that a registry takes`,
      "Use lower-case letters and digits, with . _ - between them, and / between parts.",
    );
  if (tag !== undefined && !tagForm.test(tag))
    throw wrong(
      text,
      `its tag ${JSON.stringify(tag)} is not valid`,
      "Use up to 128 letters, digits, _ . and -, with a letter, a digit or _ first.",
    );
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest))
    throw wrong(text, "its digest is not sha256: and 64 hexadecimal digits", ociForm);
  if (tag === undefined && digest === undefined) throw wrong(text, "it has no tag and no digest", ociForm);
  return {
    ...{ kind: "oci", registry, repository },
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

function parseS3(text: string, rest: string): S3Address {
  const { bare, sha256 } = splitFragment(text, rest);
  const [, bucket = "", key = ""] = /^\/\/([^/]*)(?:\/(.*))?$/s.exec(bare) ?? [];
  const form = "Write s3://BUCKET/KEY.";
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    throw wrong(text, `its bucket ${JSON.stringify(bucket)} is not one that S3 takes`, form);
  if (key === "" || key.endsWith("/")) throw wrong(text, "it has no key of an object", form);
  return { kind: "s3", bucket, key, ...sha256 };
}

/** Takes `#sha256=HEX` off. @throws AppError `usage` when it is not a digest */
function splitFragment(text: string, from: string) {
  const [, bare = "", hex] = /^(.*?)(?:#sha256=(.*))?$/s.exec(from) ?? [];
  if (hex === undefined) return { bare };
  if (!/^[0-9a-f]{64}$/.test(hex))
    throw wrong(text, "its #sha256= is not followed by 64 hexadecimal digits", "Copy the digest again.");
  return { bare, sha256: { sha256: hex } };
}

function decode(text: string, path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw wrong(text, "its path has a % that begins no character", "Write %25 for a %, or file:PATH.");
  }
}

/** @param isSecret whether the address has a password, which then is not shown */
function wrong(text: string, problem: string, advice: string, isSecret = false): AppError {
  return new AppError({
    code: "usage",
    message: `the address ${isSecret ? "" : `${text} `}can't be used: ${problem}`,
    advice,
  });
}
