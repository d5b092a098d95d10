import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseAddress } from "../../../shared/remotes/address.ts";
import { digestText } from "../../files/digest.ts";
import { manifestPath, signaturePath } from "../../manifest/manifest-file.ts";
import { startTestRegistry } from "../oci/test-registry.ts";
import { allowSigner, makeTestImage, type TestImage } from "../test-image.ts";
import { fetchImage } from "./fetch-image.ts";
import { inspectRemote } from "./inspect-remote.ts";
import { publishImage } from "./publish-image.ts";

async function start(megabytes?: number) {
  const [registry, image] = [await startTestRegistry(), await makeTestImage(megabytes)];
  const at = (tag: string) => parseAddress(`oci://${registry.host}/ci/worker${tag}`);
  const fetch = (tag: string, out = join(image.folder, "out.tar.lz4")) =>
    fetchImage(at(tag), () => out, image.context);
  const publish = (tag: string, options: { signingKey?: string } = {}) =>
    publishImage(image.archive, at(tag), { ...image.context, ...options });
  return { registry, image, at, fetch, publish, out: join(image.folder, "out.tar.lz4") };
}

const filesAt = (archive: string) =>
  [archive, manifestPath(archive), signaturePath(archive)].map((path) =>
    existsSync(path) ? digestText(readFileSync(path)) : undefined,
  );

test("an image comes back as it was published, with its manifest and signature, and names its signer", async () => {
  const { image, fetch, publish, out } = await start();
  allowSigner(image, "me@example.org");
  const { pinned, files } = await publish(":1", { signingKey: image.key });
  expect(files.map(({ kind, sent }) => [kind, sent])).toEqual([
    ["archive", true],
    ["manifest", true],
    ["signature", true],
  ]);
  const fetched = await fetch(":1");
  expect(fetched).toMatchObject({ sha256: image.sha256, wasThere: false, pinned });
  expect(fetched.signer).toMatchObject({ kind: "allowed", principal: "me@example.org" });
  expect(filesAt(out)).toEqual(filesAt(image.archive));
  expect(filesAt(out)).not.toContain(undefined);
});

test("what is there is not sent again, and another tag costs one manifest", async () => {
  const { registry, publish } = await start();
  const { pinned } = await publish(":1");
  registry.asked.length = 0;
  const again = await publish(":2");
  expect(again).toMatchObject({ pinned, wasThere: false });
  expect(again.files.filter(({ sent }) => sent)).toEqual([]);
  expect(registry.asked.filter((line) => !line.startsWith("HEAD"))).toEqual([
    "PUT /v2/ci/worker/manifests/2",
  ]);
  registry.asked.length = 0;
  expect(await publish(":2")).toMatchObject({ wasThere: true });
  expect(registry.asked.filter((line) => !line.startsWith("HEAD"))).toEqual([]);
});

test("an image that is there with that digest is not fetched, and gets its manifest again", async () => {
  const { registry, image, fetch, publish, out } = await start();
  await publish(":1", { signingKey: image.key });
  await fetch(":1");
  rmSync(manifestPath(out));
  writeFileSync(signaturePath(out), "another");
  registry.asked.length = 0;
  expect(await fetch(":1")).toMatchObject({ wasThere: true });
  expect(registry.asked.filter((line) => line.includes(image.sha256))).toEqual([]);
  expect(filesAt(out)).toEqual(filesAt(image.archive));
});

test("the facts of an image are known without its archive", async () => {
  const { registry, image, at, publish } = await start();
  const { pinned } = await publish(":1", { signingKey: image.key });
  registry.asked.length = 0;
  expect(await inspectRemote(at(":1"), image.context)).toMatchObject({
    ...{ name: "worker.tar.lz4", sha256: image.sha256, pinned },
    ...{ manifest: { kind: "pack" }, signer: { kind: "unknown" } },
  });
  expect(registry.asked.filter((line) => line.includes(image.sha256))).toEqual([]);
});

test.each(["archive", "manifest", "signature"] as const)(
  "a changed byte of the %s at the registry is refused, and the image that is here stays",
  async (kind) => {
    const { registry, image, fetch, publish, out } = await start();
    await publish(":1", { signingKey: image.key });
    const paths = {
      archive: image.archive,
      manifest: manifestPath(image.archive),
      signature: signaturePath(image.archive),
    };
    const digest = `sha256:${digestText(readFileSync(paths[kind]))}`;
    const bytes = Buffer.from(registry.blobs.get(digest) ?? []);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    registry.blobs.set(digest, bytes);
    writeFileSync(out, "old");
    await expect(fetch(":1")).rejects.toMatchObject({ code: "file-changed" });
    expect(filesAt(out)).toEqual([digestText("old"), undefined, undefined]);
    expect(existsSync(`${out}.partial`)).toBe(false);
  },
);

test("a manifest by a digest is refused when it is another one", async () => {
  const { registry, fetch, publish } = await start();
  const { pinned } = await publish(":1");
  const [, digest = ""] = pinned.split("@");
  const manifest = registry.manifests.get(digest);
  registry.manifests.set(digest, { type: "", ...manifest, bytes: Buffer.from("{}") });
  await expect(fetch(`@${digest}`)).rejects.toThrow("its manifest has another SHA-256");
});

/** Puts a manifest at the registry as another program does. */
function putManifest(registry: Awaited<ReturnType<typeof startTestRegistry>>, manifest: object): void {
  registry.manifests.set("1", { type: "", bytes: Buffer.from(JSON.stringify(manifest)) });
}

function layerOf({ archive, sha256 }: TestImage, title?: string) {
  const annotations = title ? { "org.opencontainers.image.title": title } : undefined;
  return {
    mediaType: "application/vnd.oci.image.layer.v1.tar",
    ...{ digest: `sha256:${sha256}`, size: readFileSync(archive).length, annotations },
  };
}

test.each([["worker.tar.lz4"], [undefined]])(
  "an archive that another program has pushed as its one layer, with the title %s, can be fetched",
  async (title) => {
    const { registry, image, fetch, out } = await start();
    registry.blobs.set(`sha256:${image.sha256}`, readFileSync(image.archive));
    putManifest(registry, { layers: [layerOf(image, title)] });
    expect(await fetch(":1")).toMatchObject({ sha256: image.sha256, signer: undefined });
    expect(filesAt(out)).toEqual([image.sha256, undefined, undefined]);
  },
);

test("an index, an empty manifest, and one of several archives are refused in words", async () => {
  const { registry, image, fetch } = await start();
  const layer = layerOf(image, "a.tar.lz4");
  for (const [manifest, problem] of [
    [{ manifests: [] }, "it is an index of several manifests"],
    [{ layers: "x" }, "its manifest is not an OCI image manifest"],
    [{ layers: [] }, "it has 0 image archives, not one"],
    [{ layers: [layer, layer] }, "it has 2 image archives, not one"],
  ] as const) {
    putManifest(registry, manifest);
    await expect(fetch(":1")).rejects.toMatchObject({
      code: "invalid-archive",
      message: expect.stringContaining(problem),
    });
  }
  await expect(fetch(":2")).rejects.toMatchObject({ code: "missing-file" });
});

test("a token that expires in the middle of an upload is renewed, and no chunk is sent twice", async () => {
  const { registry, image, publish } = await start(20);
  writeFileSync(
    join(image.folder, "config.json"),
    JSON.stringify({ auths: { [registry.host]: { auth: Buffer.from("me:secret").toString("base64") } } }),
  );
  let tokens = 0;
  let uses = 0;
  registry.fault = ({ headers, url = "" }, response) => {
    if (url.startsWith("/token")) {
      expect(headers.authorization).toMatch(/^Basic /);
      tokens += 1;
      uses = 3;
      response.end(JSON.stringify({ token: `t${tokens}`, expires_in: 3600 }));
      return true;
    }
    if (headers.authorization === `Bearer t${tokens}` && uses-- > 0) return false;
    const challenge = `Bearer realm="http://${registry.host}/token",service="test"`;
    response.writeHead(401, { "WWW-Authenticate": challenge }).end();
    return true;
  };
  await publish(":1");
  expect(tokens).toBeGreaterThan(3);
  expect(registry.blobs.get(`sha256:${image.sha256}`)?.equals(readFileSync(image.archive))).toBe(true);
  const small = [...registry.blobs.values()].reduce((sum, { length }) => sum + length, 0);
  expect(registry.received()).toBe(small);
});

test("a registry without access says so, with docker login", async () => {
  const { registry, fetch } = await start();
  registry.fault = (_request, response) =>
    void response.writeHead(403).end('{"errors":[{"code":"DENIED","message":"not for you"}]}') === undefined;
  await expect(fetch(":1")).rejects.toMatchObject({
    code: "no-permission",
    message: expect.stringContaining("403: not for you"),
    advice: expect.stringContaining("docker login"),
  });
});
