import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { digestFile } from "../../core/files/digest.ts";
import { manifestPath, signaturePath } from "../../core/manifest/manifest-file.ts";
import { tinsmithProgram } from "../guest/tinsmith.ts";
import { type DockerRegistry, startDockerRegistry } from "./docker-registry.ts";
import { makeRemoteImage, type RemoteImage } from "./remote-image.ts";

const oras = process.env.TINSMITH_TEST_ORAS ?? "oras";
let registry: DockerRegistry;
let image: RemoteImage;

beforeAll(async () => {
  registry = await startDockerRegistry();
  image = await makeRemoteImage(20);
});
afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  image[Symbol.dispose]();
});
beforeEach(() => {
  registry.passed.length = 0;
  registry.onRequest = () => {};
});

const newFolder = (name: string) => {
  const folder = join(image.home, name);
  mkdirSync(folder);
  return folder;
};
const chunks = () => registry.passed.filter(({ method }) => method === "PATCH");
const sentBytes = () => chunks().reduce((sum, { sent }) => sum + sent, 0);

test("a signed image is published, looked at and fetched", async () => {
  const address = `oci://${registry.host}/ci/signed:1`;
  const published = await image.run("publish", image.archive, address, "--sign", image.key);
  expect(published).toMatchObject({ exitCode: 0 });
  const [pinned = ""] = /oci:\S+@sha256:[0-9a-f]{64}/.exec(published.all) ?? [];
  const inspected = await image.run("inspect", address, "--json");
  expect(JSON.parse(inspected.all)).toMatchObject({
    ...{ name: "worker.tar.lz4", sha256: image.sha256, pinned },
    ...{ manifest: { kind: "pack" }, signer: { kind: "allowed", principal: "me@example.org" } },
  });
  expect(registry.passed.filter(({ method, url }) => method === "GET" && url.includes(image.sha256))).toEqual(
    [],
  );
  const out = join(newFolder("fetched"), "a.tar.lz4");
  const fetched = await image.run("fetch", pinned, out);
  expect(fetched.all).toContain("signed by me@example.org, ED25519 key SHA256:");
  expect(fetched.all).not.toContain("was not made here");
  for (const path of [(one: string) => one, manifestPath, signaturePath])
    expect(await digestFile(path(out))).toBe(await digestFile(path(image.archive)));
  const again = await image.run("fetch", address, out);
  expect(again.all).toContain("is there already, so nothing was fetched");
});

test("oras pulls an image that Tinsmith has published: its three files by their names", async () => {
  const name = `${registry.host}/ci/signed:1`;
  const folder = newFolder("pulled");
  const { stdout } = await execa(oras, ["pull", "--plain-http", name, "-o", folder, "--format", "json"]);
  expect(JSON.parse(stdout).files).toHaveLength(3);
  expect(readdirSync(folder).sort()).toEqual(
    ["worker.tar.lz4", "worker.tar.lz4.manifest.json", "worker.tar.lz4.manifest.json.sig"].sort(),
  );
  expect(await digestFile(join(folder, "worker.tar.lz4"))).toBe(image.sha256);
});

test("Tinsmith fetches what oras has pushed: an archive alone, and one with its manifest", async () => {
  const files = ["worker.tar.lz4", "worker.tar.lz4.manifest.json"];
  for (const [tag, pushed] of [
    ["alone", files.slice(0, 1)],
    ["both", files],
  ] as const) {
    const name = `${registry.host}/ci/pushed:${tag}`;
    await execa(oras, ["push", "--plain-http", name, ...pushed], { cwd: image.home });
    const folder = newFolder(`of-oras-${tag}`);
    const { all } = await image.run("fetch", `oci://${name}`, folder);
    expect(all).toContain("was not made here");
    expect(readdirSync(folder).filter((one) => !one.startsWith("."))).toEqual(pushed);
    expect(await digestFile(join(folder, "worker.tar.lz4"))).toBe(image.sha256);
  }
});

test("a publish that is interrupted is resumed, and no byte is sent twice", async () => {
  const address = `oci://${registry.host}/ci/interrupted:1`;
  const env = { CI: "true", TINSMITH_HOME: image.home, DOCKER_CONFIG: image.home };
  const first = execa(tinsmithProgram, ["publish", image.archive, address], {
    env,
    reject: false,
    all: true,
  });
  registry.onRequest = () => {
    if (chunks().length === 2) first.kill("SIGTERM");
  };
  expect(await first).toMatchObject({ exitCode: 143 });
  const before = sentBytes();
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(readFileSync(image.archive).length);
  expect((await image.run("inspect", address)).all).toContain("does not exist");
  registry.onRequest = () => {};
  expect(await image.run("publish", image.archive, address)).toMatchObject({ exitCode: 0 });
  const all = ["", ".manifest.json", ".manifest.json.sig"].map((end) =>
    readFileSync(`${image.archive}${end}`),
  );
  // With the configuration, which is {}.
  expect(sentBytes()).toBe(all.reduce((sum, { length }) => sum + length, 2));
});

test("a byte that was changed in the registry's storage is refused", async () => {
  const address = `oci://${registry.host}/ci/signed:1`;
  const data = join(registry.log, "../data/docker/registry/v2/blobs/sha256");
  const blob = join(data, image.sha256.slice(0, 2), image.sha256, "data");
  const bytes = readFileSync(blob);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(blob, bytes);
  const out = join(newFolder("changed"), "a.tar.lz4");
  const { exitCode, all } = await image.run("fetch", address, out);
  expect(all).toContain("its archive has another SHA-256 than expected");
  expect(exitCode).toBe(2);
  expect(existsSync(out)).toBe(false);
});
