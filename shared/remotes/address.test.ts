import { expect, test } from "vitest";
import { formatAddress, isLoopback, isRemoteAddress, parseAddress } from "./address.ts";

const hex = "0123456789abcdef".repeat(4);

test.each([
  ["file:images/a.tar.lz4", { kind: "file", path: "images/a.tar.lz4" }],
  [`file:/srv/a#1.tar.lz4#sha256=${hex}`, { kind: "file", path: "/srv/a#1.tar.lz4", sha256: hex }],
  ["https://example.org/a.tar.lz4?x=1", { kind: "web", url: "https://example.org/a.tar.lz4?x=1" }],
  [`http://example.org/a#sha256=${hex}`, { kind: "web", url: "http://example.org/a", sha256: hex }],
  ["http://127.0.0.1:80/a", { kind: "web", url: "http://127.0.0.1:80/a" }],
  ["oci://localhost:5000/a:1", { kind: "oci", registry: "localhost:5000", repository: "a", tag: "1" }],
  [
    `oci://ghcr.io/our-team/ci_images/worker@sha256:${hex}`,
    {
      kind: "oci",
      registry: "ghcr.io",
      repository: "our-team/ci_images/worker",
      digest: `sha256:${hex}`,
    },
  ],
  ["oci://[::1]:5000/a/b:T.1-x", { kind: "oci", registry: "[::1]:5000", repository: "a/b", tag: "T.1-x" }],
  [
    `s3://our-images/ci/a.tar.zst#sha256=${hex}`,
    { kind: "s3", bucket: "our-images", key: "ci/a.tar.zst", sha256: hex },
  ],
])("%s is read, and written as it was", (text, address) => {
  expect(parseAddress(text)).toEqual(address);
  expect(isRemoteAddress(text)).toBe(true);
  expect(formatAddress(parseAddress(text))).toBe(text);
});

test("of a tag and a digest, the digest counts", () => {
  expect(formatAddress(parseAddress(`oci://ghcr.io/a:nightly@sha256:${hex}`))).toBe(
    `oci://ghcr.io/a@sha256:${hex}`,
  );
});

test("a file's URL is decoded, and a path after file: is taken as it is", () => {
  expect(parseAddress("file:///srv/a%20b.tar.lz4")).toEqual({ kind: "file", path: "/srv/a b.tar.lz4" });
  expect(parseAddress("file:a%20b.tar.lz4")).toEqual({ kind: "file", path: "a%20b.tar.lz4" });
});

test.each([
  ["worker.tar.lz4", "it has no scheme"],
  ["ftp://host/a", "the scheme ftp: is unknown"],
  ["file:", "it has no path"],
  ["file://host/a", "its path does not begin with /"],
  ["file:///a%", "its path has a %"],
  ["https://", "it is not a valid URL"],
  ["https://host/a#readme", "its part #readme is not #sha256=HEX"],
  ["http://example.org/a", "http:// protects nothing"],
  ["https://host/a#sha256=12", "its #sha256= is not followed by 64 hexadecimal digits"],
  ["oci://host/name", "it has no tag and no digest"],
  ["oci:///name:1", 'its registry "" is not HOST or HOST:PORT'],
  ["oci://host:x/name:1", 'its registry "host:x" is not HOST or HOST:PORT'],
  ["oci://host/Name:1", 'its name "Name" is not one that a registry takes'],
  ["oci://host/a//b:1", 'its name "a//b"'],
  ["oci://host/name:a b", 'its tag "a b" is not valid'],
  ["oci://host/name@sha256:12", "its digest is not sha256: and 64 hexadecimal digits"],
  ["s3://A/key", 'its bucket "A" is not one that S3 takes'],
  ["s3://bucket/", "it has no key of an object"],
])("%s is refused, and the wrong part is named", (text, problem) => {
  expect(() => parseAddress(text)).toThrow(`the address ${text} can't be used: ${problem}`);
});

test("a password in an address is not repeated", () => {
  expect(() => parseAddress("https://me:secret@host/a")).toThrow(/^(?!.*secret).*a user or a password/);
});

test.each([
  ["127.0.0.1:5000", true],
  ["localhost", true],
  ["registry.localhost:5000", true],
  ["[::1]:5000", true],
  ["127.0.0.1.example.org", false],
  ["localhost.example.org", false],
  ["10.0.0.1:5000", false],
])("%s is on this host: %s", (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
