import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseAddress } from "../../../shared/remotes/address.ts";
import { digestText } from "../../files/digest.ts";
import { manifestPath, signaturePath } from "../../manifest/manifest-file.ts";
import { startFileServer } from "../../network/fetching/test-file-server.ts";
import { allowSigner, makeTestImage } from "../test-image.ts";
import { fetchImage } from "./fetch-image.ts";
import { publishImage } from "./publish-image.ts";

const bytesAt = (archive: string) =>
  [archive, manifestPath(archive), signaturePath(archive)].map((path) =>
    existsSync(path) ? digestText(readFileSync(path)) : undefined,
  );

/** An image at a web server, with the files beside it that are named. */
async function startWeb(...beside: readonly ("manifest" | "signature")[]) {
  const image = await makeTestImage();
  await publishImage(image.archive, parseAddress(`file:${image.archive}.other.tar.lz4`), {
    ...image.context,
    signingKey: image.key,
  });
  const content = readFileSync(image.archive);
  const server = await startFileServer(1);
  Object.assign(server, { content });
  server.fault = (request, response) => {
    const [, from = "0", to = `${content.length - 1}`] =
      /(\d+)-(\d+)/.exec(request.headers.range ?? "") ?? [];
    const part = content.subarray(Number(from), Number(to) + 1);
    response.writeHead(request.headers.range ? 206 : 200, { "Content-Length": part.length });
    response.end(request.method === "HEAD" ? undefined : part);
    return true;
  };
  const paths = { manifest: manifestPath(image.archive), signature: signaturePath(image.archive) };
  const endings = { manifest: ".manifest.json", signature: ".manifest.json.sig" };
  for (const kind of beside) server.others.set(`/a.tar.lz4${endings[kind]}`, readFileSync(paths[kind]));
  const out = join(image.folder, "out.tar.lz4");
  const fetch = (fragment = "") =>
    fetchImage(parseAddress(`${server.url}${fragment}`), () => out, image.context);
  return { image, server, out, fetch };
}

test("an image comes from a web server with the files beside it, and names its signer", async () => {
  const { image, out, fetch } = await startWeb("manifest", "signature");
  allowSigner(image, "me");
  expect(await fetch()).toMatchObject({ sha256: image.sha256, signer: { kind: "allowed", principal: "me" } });
  expect(bytesAt(out)).toEqual(bytesAt(image.archive));
});

test("a server that refuses HEAD and knows no ranges is enough", async () => {
  const { image, server, out, fetch } = await startWeb();
  server.fault = (request, response) =>
    void response.writeHead(request.method === "HEAD" ? 405 : 200).end(server.content) === undefined;
  expect(await fetch(`#sha256=${image.sha256}`)).toMatchObject({ sha256: image.sha256 });
  expect(bytesAt(out)).toEqual([image.sha256, undefined, undefined]);
});

test("an image without a digest must be one, and a note tells of it", async () => {
  const { image, server, out, fetch } = await startWeb();
  expect(await fetch()).toMatchObject({
    sha256: image.sha256,
    pinned: `${server.url}#sha256=${image.sha256}`,
  });
  expect(image.notes).toEqual([expect.stringContaining("Nothing says which SHA-256")]);
  rmSync(out);
  server.fault = (_request, response) => void response.end("<html>Log in first</html>") === undefined;
  await expect(fetch()).rejects.toMatchObject({ code: "invalid-archive" });
  expect(existsSync(out)).toBe(false);
});

test("another archive than that of the digest, or of the manifest, is refused", async () => {
  const { image, out, fetch } = await startWeb("manifest");
  await expect(fetch(`#sha256=${"0".repeat(64)}`)).rejects.toThrow("its manifest is of another archive");
  const other = await startWeb();
  await expect(other.fetch(`#sha256=${image.sha256}`)).rejects.toMatchObject({
    code: "file-changed",
    details: [`expected sha256 ${image.sha256}`, `received sha256 ${other.image.sha256}`],
  });
  for (const path of [out, other.out]) expect(bytesAt(path)).toEqual([undefined, undefined, undefined]);
});

test("a wrong signature is refused before anything is fetched", async () => {
  const { server, out, fetch } = await startWeb("manifest", "signature");
  const manifest = server.others.get("/a.tar.lz4.manifest.json")?.toString() ?? "";
  server.others.set("/a.tar.lz4.manifest.json", Buffer.from(manifest.replace('"pack"', '"build"')));
  await expect(fetch()).rejects.toMatchObject({ code: "not-trusted" });
  expect(server.asked.filter((line) => line.startsWith("GET"))).toEqual([]);
  expect(existsSync(out)).toBe(false);
});

test("a web server that has no such file, and one that takes none, are told of", async () => {
  const { image, server, fetch } = await startWeb();
  server.fault = (_request, response) => void response.writeHead(404).end() === undefined;
  await expect(fetch()).rejects.toMatchObject({ code: "missing-file" });
  await expect(publishImage(image.archive, parseAddress(server.url), image.context)).rejects.toThrow(
    "it is only for fetching",
  );
});

test("an image is published to a folder and fetched from it, and nothing is written twice", async () => {
  const image = await makeTestImage();
  const shared = join(image.folder, "shared");
  mkdirSync(shared);
  const place = join(shared, "a.tar.lz4");
  const address = parseAddress(`file:${place}`);
  const { pinned } = await publishImage(image.archive, address, { ...image.context, signingKey: image.key });
  expect(pinned).toBe(`file:${place}#sha256=${image.sha256}`);
  expect(bytesAt(place)).toEqual(bytesAt(image.archive));
  expect(readdirSync(shared).filter((name) => name.startsWith("."))).toEqual([]);
  expect(await publishImage(image.archive, address, image.context)).toMatchObject({ wasThere: true });
  const out = join(image.folder, "out.tar.lz4");
  await fetchImage(parseAddress(pinned), () => out, image.context);
  expect(bytesAt(out)).toEqual(bytesAt(image.archive));
});

test("an archive with another one's manifest is not published, and one without a manifest is not signed", async () => {
  const [image, other] = [await makeTestImage(), await makeTestImage()];
  const address = parseAddress(`file:${join(image.folder, "a.tar.lz4")}`);
  writeFileSync(manifestPath(image.archive), readFileSync(manifestPath(other.archive)));
  await expect(publishImage(image.archive, address, image.context)).rejects.toThrow("is of another archive");
  rmSync(manifestPath(image.archive));
  await expect(
    publishImage(image.archive, address, { ...image.context, signingKey: image.key }),
  ).rejects.toThrow("can't be signed: it has no manifest beside it");
  await publishImage(image.archive, address, image.context);
});
