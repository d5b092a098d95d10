import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { digestFile } from "../../core/files/digest.ts";
import { runAndKill, tinsmithProgram } from "../hard/kill/killed-command.ts";
import { type DockerRegistry, startDockerRegistry } from "./docker-registry.ts";
import { makeRemoteImage, type RemoteImage } from "./remote-image.ts";

// A hundred: TINSMITH_KILLS=100 ./test.sh remote
const kills = Number(process.env.TINSMITH_KILLS ?? 4);
const timeout = 120_000 + kills * 10_000;

let registry: DockerRegistry;
let image: RemoteImage;

beforeAll(async () => {
  registry = await startDockerRegistry();
  image = await makeRemoteImage(20);
  // Compiles all, so that the first one killed takes as long as those after it.
  await runAndKill(image.home, [tinsmithProgram, "publish", image.archive, address("warm")], {});
});
afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  image[Symbol.dispose]();
});

const address = (name: string) => `oci://${registry.host}/ci/${name}:1`;
const blobUrl = (name: string, digest: string) => `/v2/ci/${name}/blobs/${digest}`;

/** A moment in the part of a command in which it transfers something. */
const moment = (duration: number) => ({ milliseconds: duration * (0.3 + 0.7 * Math.random()) });

/** Whether a name is there; then all of its blobs are, too. */
async function isWhole(name: string): Promise<boolean> {
  const at = `http://${registry.host}/v2/ci/${name}`;
  const headers = { Accept: "application/vnd.oci.image.manifest.v1+json" };
  const reply = await fetch(`${at}/manifests/1`, { headers });
  if (reply.status === 404) return false;
  const { layers, config } = Object(await reply.json());
  for (const { digest, size } of [...layers, config]) {
    const blob = await fetch(`${at}/blobs/${digest}`, { method: "HEAD" });
    expect(Number(blob.headers.get("content-length"))).toBe(size);
  }
  return true;
}

test(`a publish, killed at ${kills} random moments, shows no half image and sends no blob twice`, {
  timeout,
}, async () => {
  const start = performance.now();
  await runAndKill(image.home, [tinsmithProgram, "publish", image.archive, address("whole")], {});
  const duration = performance.now() - start;
  let killed = 0;
  for (let round = 0; round < kills; round += 1) {
    const name = `publish-${round}`;
    registry.passed.length = 0;
    const command = [tinsmithProgram, "publish", image.archive, address(name)] as const;
    killed += Number(await runAndKill(image.home, command, moment(duration)));
    await isWhole(name);
    await runAndKill(image.home, command, {});
    expect(await isWhole(name)).toBe(true);
    const ends = registry.passed.filter(
      ({ method, url, status }) => method === "PUT" && url.includes("/uploads/") && status === 201,
    );
    const digests = ends.map(({ url }) => new URL(url, "http://registry").searchParams.get("digest"));
    // The answer to one of the three may be lost with the process that waits for it.
    expect(digests.length).toBeGreaterThanOrEqual(2);
    expect(new Set(digests).size).toBe(digests.length);
    // A killed writer leaves the lock of the folder, which the next one takes.
    const left = readdirSync(join(image.home, "uploads")).filter((name) => name !== ".writers-lock");
    expect(left).toEqual([]);
  }
  expect(killed).toBeGreaterThan(kills / 4);
});

test(`a fetch, killed at ${kills} random moments, shows no half image and fetches no part twice`, {
  timeout,
}, async () => {
  const out = join(image.home, "fetched.tar.lz4");
  const command = [tinsmithProgram, "fetch", address("warm"), out] as const;
  const start = performance.now();
  await runAndKill(image.home, command, {});
  const duration = performance.now() - start;
  const { length: size } = readFileSync(out);
  let killed = 0;
  for (let round = 0; round < kills; round += 1) {
    rmSync(out, { force: true });
    killed += Number(await runAndKill(image.home, command, moment(duration)));
    const isThere = existsSync(out);
    if (isThere) expect(await digestFile(out)).toBe(image.sha256);
    const there = isThere ? size : bytesIn(`${out}.partial.parts`);
    registry.passed.length = 0;
    await runAndKill(image.home, command, {});
    expect(await digestFile(out)).toBe(image.sha256);
    const ranges = registry.passed
      .filter(({ method, url }) => method === "GET" && url === blobUrl("warm", `sha256:${image.sha256}`))
      .map(({ range = "" }) => (/(\d+)-(\d+)/.exec(range) ?? []).slice(1).map(Number));
    expect(ranges.reduce((sum, [from = 0, to = 0]) => sum + to + 1 - from, 0)).toBe(size - there);
    expect(readdirSync(image.home).filter((name) => name.startsWith("fetched.tar.lz4.partial"))).toEqual([]);
  }
  expect(killed).toBeGreaterThan(kills / 4);
});

/** The bytes in a list of parts, which don't overlap. */
function bytesIn(list: string): number {
  if (!existsSync(list)) return 0;
  const lines = readFileSync(list, "utf8").split("\n").slice(1, -1);
  return lines.reduce((sum, line) => {
    const [from = 0, to = 0] = line.split(" ").map(Number);
    return sum + to - from;
  }, 0);
}
