import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { eventually } from "../../../tests/eventually.ts";
import { lockDescriptor } from "../../files/locks/file-lock.ts";
import { download } from "./download.ts";

vi.mock(import("../../files/locks/file-lock.ts"), async (original) => {
  const lock = await original();
  return { ...lock, lockDescriptor: vi.fn(lock.lockDescriptor) };
});

const content = Buffer.alloc(300_000, "0123456789");
const sha256 = createHash("sha256").update(content).digest("hex");
const limits = { emptyTries: 2, pause: 1, stall: 10_000 };

/** A server that counts what it is asked for, and a folder for what is fetched. */
async function start(answer: RequestListener) {
  const ranges: (string | undefined)[] = [];
  const folder = mkdtempSync(join(tmpdir(), "download-"));
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answer(request, response);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  });
  await once(server, "listening");
  const url = `http://127.0.0.1:${Object(server.address()).port}/core.iso`;
  return { source: { url, sha256 }, folder, target: join(folder, "core.iso"), ranges };
}

/** Gives the content from where it is asked for. */
function serveRest(response: ServerResponse, request: IncomingMessage, most = content.length): number {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const rest = content.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, { "Content-Length": rest.length });
  response.write(rest.subarray(0, most));
  return from;
}

const serveAll: RequestListener = (request, response) => {
  serveRest(response, request);
  response.end();
};

test("a file is there when it is whole, and its progress is told", async () => {
  const { source, target, folder } = await start(serveAll);
  const onProgress = vi.fn();
  await download(source, target, { onProgress, limits });
  expect(readFileSync(target).equals(content)).toBe(true);
  expect(readdirSync(folder)).toEqual(["core.iso"]);
  expect(onProgress.mock.lastCall).toEqual([content.length, content.length]);
});

test("an interrupted download resumes", async () => {
  let arrived = 0;
  let breakOff = () => {};
  const { source, target, ranges } = await start((request, response) => {
    arrived = serveRest(response, request, 100_000) + 100_000;
    breakOff = () => response.destroy();
  });
  // Bytes that are not written when the connection breaks would be asked for again.
  const onProgress = (done: number) => done === arrived && setImmediate(breakOff);
  await download(source, target, { onProgress, limits });
  expect(readFileSync(target).equals(content)).toBe(true);
  expect(ranges).toEqual([undefined, "bytes=100000-", "bytes=200000-"]);
});

test("a file that another process has finished just before it is locked is not written to", async () => {
  const { source, target, folder } = await start(serveAll);
  writeFileSync(`${target}.partial`, "theirs, finished");
  vi.mocked(lockDescriptor).mockImplementationOnce((path) => {
    renameSync(path, join(folder, "finished"));
    return true;
  });
  await download(source, target, { limits });
  expect(readFileSync(join(folder, "finished"), "utf8")).toBe("theirs, finished");
  expect(readFileSync(target).equals(content)).toBe(true);
});

test("what an earlier try has left is not fetched again", async () => {
  const { source, target, ranges } = await start(serveAll);
  writeFileSync(`${target}.partial`, content.subarray(0, 250_000));
  await download(source, target, { limits });
  expect(readFileSync(target).equals(content)).toBe(true);
  expect(ranges).toEqual(["bytes=250000-"]);
});

test("an abort keeps what came, for the next try", async () => {
  const { source, target } = await start(serveAll);
  const controller = new AbortController();
  const onProgress = () => controller.abort(new Error("stopped"));
  const fetching = download(source, target, { signal: controller.signal, onProgress, limits });
  await expect(fetching).rejects.toThrow("stopped");
  expect(existsSync(target)).toBe(false);
  await download(source, target, { limits });
  expect(readFileSync(target).equals(content)).toBe(true);
});

test("what was left of another file is fetched anew", async () => {
  const { source, target } = await start(serveAll);
  writeFileSync(`${target}.partial`, Buffer.alloc(1000));
  await download(source, target, { limits });
  expect(readFileSync(target).equals(content)).toBe(true);
});

test("a server that knows no ranges sends it from the start", async () => {
  const { source, target } = await start((_request, response) => response.end(content));
  writeFileSync(`${target}.partial`, content.subarray(0, 1000));
  await download(source, target, { limits });
  expect(readFileSync(target).equals(content)).toBe(true);
});

test("a whole file that has no name yet is only checked", async () => {
  const { source, target } = await start((_request, response) => response.writeHead(416).end());
  writeFileSync(`${target}.partial`, content);
  await download(source, target, { limits });
  expect(readFileSync(target).equals(content)).toBe(true);
});

test("another file than the one that is meant is refused, and not kept", async () => {
  const { source, target, folder } = await start((_request, response) => response.end("another"));
  await expect(download(source, target, { limits })).rejects.toMatchObject({
    code: "invalid-recipe",
    details: [`expected sha256 ${sha256}`, expect.stringMatching(/^received sha256 [0-9a-f]{64}$/)],
  });
  expect(readdirSync(folder)).toEqual([]);
});

test("a server that does not have it is asked once", async () => {
  const { source, target, ranges } = await start((_request, response) =>
    // More than is read of an answer that nobody wants.
    response.writeHead(404).end(content),
  );
  await expect(download(source, target, { limits })).rejects.toMatchObject({
    code: "command-failed",
    message: `${source.url} can't be fetched: the server answered 404`,
  });
  expect(ranges).toHaveLength(1);
});

test("a server that is broken, or says nothing, is given up after some tries", async () => {
  const broken = await start((_request, response) => response.writeHead(503).end());
  await expect(download(broken.source, broken.target, { limits })).rejects.toMatchObject({
    message: expect.stringContaining("the server answered 503"),
  });
  expect(broken.ranges).toHaveLength(2);
  const silent = await start(() => {});
  const impatient = { ...limits, stall: 200 };
  await expect(download(silent.source, silent.target, { limits: impatient })).rejects.toMatchObject({
    message: expect.stringContaining("sent nothing for 0.2 s"),
  });
});

test("an address that is redirected in a circle is told in our own words", async () => {
  const { source, target } = await start((request, response) =>
    response.writeHead(302, { Location: request.url }).end(),
  );
  await expect(download(source, target, { limits })).rejects.toMatchObject({
    message: `${source.url} can't be fetched: it redirects in a loop`,
  });
});

test("two at once: the second is told who fetches it", async () => {
  const { source, target } = await start(() => {});
  const controller = new AbortController();
  const first = download(source, target, { signal: controller.signal });
  await eventually(() => expect(existsSync(`${target}.partial`)).toBe(true));
  await expect(download(source, target)).rejects.toMatchObject({ code: "busy" });
  controller.abort(new Error("stopped"));
  await expect(first).rejects.toThrow("stopped");
});
