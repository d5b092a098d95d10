import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import type { OciAddress } from "../../../shared/remotes/address.ts";
import { newHome } from "../../session/serve/test-session.ts";
import { inMemory } from "../local-image.ts";
import type { LocalFile, RemoteContext } from "../remote.ts";
import { openRegistry } from "./registry.ts";
import { startTestRegistry, type TestRegistry } from "./test-registry.ts";
import { uploadBlob } from "./upload-blob.ts";

const mebibyte = 1024 ** 2;
const file = inMemory("archive", "worker.tar.lz4", randomBytes(20 * mebibyte));
const isChunk = (line: string) => line.startsWith("PATCH");

function newContext(): RemoteContext {
  return {
    ...{ paths: newHome(), signal: new AbortController().signal, onNote: () => {} },
    ...{ environment: { DOCKER_CONFIG: "/none" }, limits: { emptyTries: 3, pause: 1, stall: 10_000 } },
  };
}

async function upload({ host }: TestRegistry, context: RemoteContext, one: LocalFile = file): Promise<void> {
  const address: OciAddress = { kind: "oci", registry: host, repository: "ci/worker", tag: "1" };
  await using registry = await openRegistry(address, "pull,push", context);
  await uploadBlob(registry, one, { ...context, onProgress: () => {} });
}

const hasAll = ({ blobs }: TestRegistry) =>
  blobs.get(`sha256:${file.sha256}`)?.length === file.size && blobs.size === 1;

test("a blob is sent in chunks, and leaves nothing on the disk", async () => {
  const registry = await startTestRegistry();
  const context = newContext();
  await upload(registry, context);
  expect(hasAll(registry)).toBe(true);
  expect(registry.asked.filter(isChunk)).toHaveLength(3);
  expect(registry.received()).toBe(file.size);
  expect(readdirSync(context.paths.uploads)).toEqual([]);
});

test("an upload that broke off in a chunk is resumed by the next process from the bytes that arrived", async () => {
  const registry = await startTestRegistry();
  const context = newContext();
  // The process is gone in the middle of the second chunk.
  const dying: LocalFile = {
    ...file,
    read: async (from, length) => {
      if (from > 0) throw new Error("killed");
      return await file.read(from, length);
    },
  };
  const impatient = { ...context, limits: { emptyTries: 1, pause: 1, stall: 10_000 } };
  await expect(upload(registry, impatient, dying)).rejects.toThrow("killed");
  expect(registry.blobs.size).toBe(0);
  const [id = "", had = Buffer.alloc(0)] = [...registry.uploads][0] ?? [];
  expect(had).toHaveLength(8 * mebibyte);
  // As if more of a chunk had arrived, about whose end nobody was told.
  registry.uploads.set(id, Buffer.concat([had, await file.read(had.length, 1_000_000)]));
  await upload(registry, context);
  expect(hasAll(registry)).toBe(true);
  expect(registry.received()).toBe(file.size - 1_000_000);
});

test("a connection that breaks in a chunk costs no byte that arrived", async () => {
  const registry = await startTestRegistry();
  let cut = true;
  registry.fault = (request) => {
    if (request.method === "PATCH" && cut) {
      cut = false;
      request.once("data", () => request.socket.destroy());
    }
    return false;
  };
  await upload(registry, newContext());
  expect(hasAll(registry)).toBe(true);
  expect(registry.received()).toBe(file.size);
});

test("an upload that the registry has forgotten begins again", async () => {
  const registry = await startTestRegistry();
  let loses = true;
  registry.fault = ({ method }) => {
    if (method === "PATCH" && registry.received() > 0 && loses) {
      loses = false;
      registry.uploads.clear();
    }
    return false;
  };
  await upload(registry, newContext());
  expect(hasAll(registry)).toBe(true);
});

test("chunks that are too large for a proxy are sent in halves, and one with a limit too low is told of", async () => {
  const registry = await startTestRegistry();
  const limit =
    (most: number) =>
    (
      request: { method?: string; headers: Record<string, unknown> },
      response: {
        writeHead(status: number): { end(): unknown };
      },
    ) => {
      if (request.method !== "PATCH" || Number(request.headers["content-length"]) <= most) return false;
      response.writeHead(413).end();
      return true;
    };
  registry.fault = limit(3 * mebibyte);
  await upload(registry, newContext());
  expect(hasAll(registry)).toBe(true);
  registry.blobs.clear();
  registry.fault = limit(1000);
  await expect(upload(registry, newContext())).rejects.toMatchObject({
    message: expect.stringContaining("takes no more bytes at once (413)"),
    advice: expect.stringContaining("client_max_body_size"),
  });
});

test("a registry that asks to wait is obeyed", async () => {
  const registry = await startTestRegistry();
  let busy = 4;
  registry.fault = ({ method }, response) =>
    method === "PATCH" &&
    busy-- > 0 &&
    void response.writeHead(429, { "Retry-After": "0" }).end() === undefined;
  const notes: string[] = [];
  await upload(registry, { ...newContext(), onNote: (text) => notes.push(text) });
  expect(notes).toEqual(Array(4).fill("The server answered 429 and asks to wait 0 s."));
  expect(hasAll(registry)).toBe(true);
});

test("an interruption lets the chunk arrive that is on its way", async () => {
  const registry = await startTestRegistry();
  const controller = new AbortController();
  const context = { ...newContext(), signal: controller.signal };
  registry.fault = ({ method }) => {
    if (method === "PATCH") controller.abort(new Error("stopped"));
    return false;
  };
  await expect(upload(registry, context)).rejects.toThrow("stopped");
  registry.fault = () => false;
  expect(registry.received()).toBe(8 * mebibyte);
  await upload(registry, { ...context, signal: new AbortController().signal });
  expect(registry.received()).toBe(file.size);
  expect(hasAll(registry)).toBe(true);
});

test("two at once: the second is told of the first", async () => {
  const registry = await startTestRegistry();
  const context = newContext();
  let second: Promise<unknown> | undefined;
  registry.fault = ({ method }) => {
    if (method === "POST") second = upload(registry, context).catch((error: unknown) => error);
    return false;
  };
  await upload(registry, context);
  expect(await second).toMatchObject({ code: "busy" });
});
