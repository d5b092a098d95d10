import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { createHttpClient } from "../http-client.ts";
import { type FetchOptions, fetchFile } from "./fetch-file.ts";
import { PartialDownload } from "./partial-download.ts";
import { httpFile } from "./remote-file.ts";
import { startFileServer, type TestFileServer } from "./test-file-server.ts";

const mebibyte = 1024 ** 2;
const size = 6 * mebibyte;
const limits = { emptyTries: 2, pause: 1, stall: 10_000 };

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), "fetch-file-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "a.partial");
}

/** Fetches the file as another process would. */
async function fetchTo(
  path: string,
  server: TestFileServer,
  options: FetchOptions & { version?: string } = {},
) {
  await using client = await createHttpClient({});
  await using partial = await PartialDownload.open(path, { name: "the file", identity: server.sha256 });
  const { version = `"${server.sha256}"` } = options;
  const file = httpFile(client.request, server.url, { size, version });
  await fetchFile(file, partial, { streams: 4, limits, ...options });
}

/** The bytes that are there, as the next process sees them. */
async function bytesAt(path: string, { sha256: identity }: TestFileServer): Promise<number> {
  await using partial = await PartialDownload.open(path, { name: "the file", identity });
  return partial.parts.bytes;
}

test("parts come at once, and are the file together", async () => {
  const server = await startFileServer(size);
  const path = newPath();
  let open = 0;
  const waiting: (() => void)[] = [];
  // The first part is answered at once; four that follow only when all of them were asked for.
  server.fault = (request, response) => {
    if (server.asked.length === 1 || waiting.length > 4) return false;
    open += 1;
    waiting.push(() => {
      const [, from = 0, to = 0] = (/(\d+)-(\d+)/.exec(request.headers.range ?? "") ?? []).map(Number);
      response.writeHead(206, { "Content-Length": to + 1 - from }).end(server.content.subarray(from, to + 1));
    });
    if (waiting.length === 4) for (const answer of waiting) answer();
    return true;
  };
  const onProgress = vi.fn();
  await fetchTo(path, server, { onProgress });
  expect(open).toBeGreaterThanOrEqual(4);
  expect(readFileSync(path).equals(server.content)).toBe(true);
  expect(onProgress.mock.lastCall).toEqual([size, size]);
});

test("parts that are there are not asked for again, and neither are those of a broken connection", async () => {
  const server = await startFileServer(size);
  const path = newPath();
  let left = 3;
  server.fault = (request, response) => {
    if (--left >= 0) return false;
    const [, from = 0, to = 0] = (/(\d+)-(\d+)/.exec(request.headers.range ?? "") ?? []).map(Number);
    response.writeHead(206, { "Content-Length": to + 1 - from });
    return void response.destroy() === undefined;
  };
  await expect(fetchTo(path, server)).rejects.toMatchObject({ code: "command-failed" });
  const before = server.sent();
  const there = await bytesAt(path, server);
  expect(there).toBeGreaterThan(0);
  server.fault = () => false;
  await fetchTo(path, server);
  expect(readFileSync(path).equals(server.content)).toBe(true);
  expect(server.sent() - before).toBe(size - there);
  const { length } = server.asked;
  await fetchTo(path, server);
  expect(server.asked).toHaveLength(length);
});

test("a list of parts that was cut off counts as far as it goes, and that of another content does not", async () => {
  const server = await startFileServer(size);
  const path = newPath();
  await fetchTo(path, server);
  const list = readFileSync(`${path}.parts`, "utf8");
  truncateSync(`${path}.parts`, list.length - 3);
  await fetchTo(path, server);
  expect(server.sent()).toBeGreaterThan(size);
  expect(server.sent()).toBeLessThan(2 * size);
  const other = await startFileServer(size);
  await fetchTo(path, other);
  expect(other.sent()).toBe(size);
  expect(readFileSync(path).equals(other.content)).toBe(true);
});

test("a server without ranges is asked once, and gives all", async () => {
  const server = await startFileServer(size);
  const path = newPath();
  server.fault = (_request, response) => void response.end(server.content) === undefined;
  await fetchTo(path, server);
  expect(server.asked).toHaveLength(1);
  expect(readFileSync(path).equals(server.content)).toBe(true);
});

test.each([
  ["by its answer", { ETag: '"another"' }, 206],
  ["by 412", {}, 412],
])(
  "a file that is another one on the server by now is noticed %s, and nothing of it is kept",
  async (_how, headers, status) => {
    const server = await startFileServer(size);
    const path = newPath();
    server.fault = (_request, response) => void response.writeHead(status, headers).end() === undefined;
    await expect(fetchTo(path, server)).rejects.toThrow("it changed on the server while it was fetched");
    expect(readFileSync(path)).toHaveLength(0);
  },
);

test("all streams that are asked to wait are one line", async () => {
  const server = await startFileServer(size);
  let busy = 3;
  server.fault = (_request, response) =>
    server.asked.length > 1 &&
    busy-- > 0 &&
    void response.writeHead(429, { "Retry-After": "0" }).end() === undefined;
  const notes: string[] = [];
  await fetchTo(newPath(), server, { onNote: (text) => notes.push(text) });
  expect(busy).toBeLessThan(0);
  expect(notes).toEqual(["The server answered 429 and asks to wait 0 s."]);
});

test.each([429, 503])(
  "a server that answers %d and says when to ask again is obeyed, in one line",
  async (status) => {
    const server = await startFileServer(size);
    const path = newPath();
    let busy = 2;
    server.fault = (_request, response) =>
      busy-- > 0 && void response.writeHead(status, { "Retry-After": "0" }).end() === undefined;
    const notes: string[] = [];
    // More often than a server may fail.
    await fetchTo(path, server, { onNote: (text) => notes.push(text), limits: { ...limits, emptyTries: 1 } });
    expect(readFileSync(path).equals(server.content)).toBe(true);
    expect(notes).toEqual([`The server answered ${status} and asks to wait 0 s.`]);
  },
);

test("a server that asks for a wait of an hour is given up", async () => {
  const server = await startFileServer(size);
  server.fault = (_request, response) =>
    void response.writeHead(503, { "Retry-After": "3600" }).end() === undefined;
  await expect(fetchTo(newPath(), server)).rejects.toThrow("asks to wait 3600 s");
});

test("a stalled part is asked for again from the bytes that are there", async () => {
  const server = await startFileServer(size);
  const path = newPath();
  let stalls = 1;
  server.fault = (request, response) => {
    if (stalls-- <= 0) return false;
    const [, from = 0, to = 0] = (/(\d+)-(\d+)/.exec(request.headers.range ?? "") ?? []).map(Number);
    response.writeHead(206, { "Content-Length": to + 1 - from });
    response.write(server.content.subarray(from, from + 300_000));
    return true;
  };
  await fetchTo(path, server, { limits: { ...limits, stall: 300 } });
  expect(readFileSync(path).equals(server.content)).toBe(true);
  expect(server.asked).toContain(`GET 300000-${mebibyte - 1}`);
});

test("a server that sends another part than it was asked for is not believed", async () => {
  const server = await startFileServer(size);
  const path = newPath();
  server.fault = (_request, response) =>
    void response
      .writeHead(206, { "Content-Range": `bytes 7-${size - 1}/${size}` })
      .end(server.content.subarray(7)) === undefined;
  await expect(fetchTo(path, server)).rejects.toThrow("the server sent another part");
});

test("a finished file gets its name, and its list goes", async () => {
  const server = await startFileServer(size);
  const path = newPath();
  await fetchTo(path, server);
  writeFileSync(`${path}.other`, "");
  await using partial = await PartialDownload.open(path, { name: "the file", identity: server.sha256 });
  expect(await partial.digest()).toBe(server.sha256);
  await partial.commit(`${path}.other`);
  expect(readFileSync(`${path}.other`).equals(server.content)).toBe(true);
  expect([path, `${path}.parts`].filter((name) => existsSync(name))).toEqual([]);
});
