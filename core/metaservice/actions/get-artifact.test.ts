import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { beginReply, countEvents, poll, reply, untilTimers } from "../service/test-guest.ts";
import {
  connectRaw,
  errorCodeIn,
  makeTestFolder,
  sendRaw,
  startTestService,
  type TestService,
  until,
  watchTimers,
} from "../service/test-service.ts";

/** Asks for a file of the guest's, to be copied to a folder of the test's own. */
async function download(
  service: TestService,
  options?: { signal?: AbortSignal; onProgress?: () => void },
  path = "/var/log/a",
) {
  const folder = await makeTestFolder();
  const target = join(folder, "artifact");
  const got = service.service.actions.getArtifact(path, target, options);
  got.catch(() => {});
  return { got, target, files: () => readdirSync(folder) };
}

test("a file of 64 MB arrives byte for byte, and its progress is told", async () => {
  const service = await startTestService();
  const bytes = randomBytes(64e6);
  const progress: { bytes: number; total?: number | undefined }[] = [];
  const { got, target, files } = await download(service, {
    onProgress: (...[step]: typeof progress) => step && progress.push(step),
  });
  const action = await poll(service);
  expect(action).toMatchObject({ type: "get-artifact", path: "/var/log/a" });
  expect((await reply(service, action.id, bytes)).status).toBe(200);
  await expect(got).resolves.toEqual({ bytes: bytes.length });
  expect(sha256(readFileSync(target))).toBe(sha256(bytes));
  expect(files()).toEqual(["artifact"]);
  expect(progress[0]).toEqual({ bytes: 0, total: bytes.length });
  expect(progress.at(-1)).toEqual({ bytes: bytes.length, total: bytes.length });
  expect(progress.map((step) => step.bytes)).toEqual(
    progress.map((step) => step.bytes).toSorted((a, b) => a - b),
  );
});

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

test("a file whose length is not told, and an empty one, arrive too", async () => {
  const service = await startTestService();
  const chunked = await download(service);
  const { id } = await poll(service);
  const head = `POST /engine/v1/reply?id=${id} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n`;
  expect(await sendRaw(service, `${head}4\r\ntext\r\n0\r\n\r\n`)).toContain("200 OK");
  await expect(chunked.got).resolves.toEqual({ bytes: 4 });
  expect(readFileSync(chunked.target, "utf8")).toBe("text");

  const empty = await download(service);
  expect((await reply(service, (await poll(service)).id)).status).toBe(200);
  await expect(empty.got).resolves.toEqual({ bytes: 0 });
  expect(statSync(empty.target).size).toBe(0);
});

test("a file that is not there is an answer, and not tried again", async () => {
  const service = await startTestService();
  const { got, files } = await download(service);
  const header = { "X-Taskcluster-Worker-Error": "file-not-found" };
  expect(await reply(service, (await poll(service)).id, "", header)).toMatchObject({ status: 200, body: "" });
  await expect(got).rejects.toMatchObject({
    code: "guest-file-missing",
    message: expect.stringContaining("/var/log/a"),
    advice: expect.stringContaining("tinsmith ls"),
  });
  expect(countEvents(service, "action-taken")).toBe(1);
  expect(files()).toEqual([]);
});

test("a file whose name is not UTF-8 can't be asked for, and the error says the way round", async () => {
  const service = await startTestService();
  const { got } = await download(service, {}, "/tmp/caf\ufffd");
  const header = { "X-Taskcluster-Worker-Error": "file-not-found" };
  await reply(service, (await poll(service)).id, "", header);
  await expect(got).rejects.toMatchObject({
    code: "guest-file-missing",
    message: expect.stringContaining("its real name is not UTF-8"),
    advice: expect.stringContaining("cp /tmp/caf* /tmp/copy"),
  });
});

test.each([
  [
    "tells of an error that is not known",
    "X-Taskcluster-Worker-Error: on-fire\r\nContent-Length: 0\r\n\r\n",
    "1.1",
  ],
  ["has no known end", "\r\nall of it", "1.0"],
])("a reply that %s is malformed", async (_what, rest, version) => {
  const service = await startTestService({ limits: { tries: 1 } });
  const { got, files } = await download(service);
  const { id } = await poll(service);
  const head = `POST /engine/v1/reply?id=${id} HTTP/${version}\r\n`;
  expect(errorCodeIn(await sendRaw(service, head + rest))).toBe("InvalidPayload");
  await expect(got).rejects.toMatchObject({ code: "guest-action-failed" });
  expect(files()).toEqual([]);
});

test("a file that breaks off is sent again from its beginning", async () => {
  const service = await startTestService();
  const onProgress = vi.fn();
  const { got, target, files } = await download(service, { onProgress });
  const guest = await beginReply(service, (await poll(service)).id, "a long beginning, which ");
  await until(() => onProgress.mock.lastCall?.[0].bytes > 0);
  expect(existsSync(target)).toBe(false);
  guest.destroy();
  expect((await reply(service, (await poll(service)).id, "short")).status).toBe(200);
  await expect(got).resolves.toEqual({ bytes: 5 });
  expect(readFileSync(target, "utf8")).toBe("short");
  expect(files()).toEqual(["artifact"]);
  expect(onProgress.mock.calls.filter(([{ bytes }]) => bytes === 0)).toHaveLength(2);
});

test("a file that always breaks off is absent", async () => {
  const service = await startTestService();
  const { got, files } = await download(service);
  for (let attempt = 0; attempt < 3; attempt++)
    (await beginReply(service, (await poll(service)).id, "a beginning")).destroy();
  await expect(got).rejects.toMatchObject({
    code: "guest-action-failed",
    message: expect.stringMatching(/^copying the guest's \/var\/log\/a failed after 3 tries: .* interrupted/),
  });
  expect(files()).toEqual([]);
});

test("a slow file may last as long as it makes progress", async () => {
  watchTimers();
  const service = await startTestService();
  const onProgress = vi.fn();
  const { got } = await download(service, { onProgress });
  const guest = await beginReply(service, (await poll(service)).id, "", 10);
  for (let sent = 1; sent <= 10; sent++) {
    await untilTimers(1);
    vi.advanceTimersByTime(59_000);
    guest.write("x");
    await until(() => onProgress.mock.lastCall?.[0].bytes === sent);
    // The timer restarts once the piece was taken.
    await setImmediate();
  }
  await expect(got).resolves.toEqual({ bytes: 10 });
  await untilTimers(0);
});

test.each([
  ["from the start, when its length is told", "Content-Length: 1000\r\n\r\nabc"],
  ["as it grows, when not", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"],
])("a file that would take the disk's last space is refused %s, and not tried again", async (_when, rest) => {
  const service = await startTestService({ limits: { diskReserve: 1e18 } });
  const { got, files } = await download(service);
  const { id } = await poll(service);
  const guest = await connectRaw(service);
  guest.write(`POST /engine/v1/reply?id=${id} HTTP/1.1\r\n${rest}`);
  const refused = String(await once(guest, "data"));
  expect(refused).toContain("500 Internal Server Error");
  expect(refused).toContain("no-space");
  expect(errorCodeIn(refused)).toBe("InternalError");
  await expect(got).rejects.toMatchObject({
    code: "no-space",
    advice: expect.stringContaining("Free some space"),
  });
  expect(countEvents(service, "action-taken")).toBe(1);
  expect(files()).toEqual([]);
});

test("a target that is there is refused before the guest is asked, or when it has come meanwhile", async () => {
  const service = await startTestService();
  const first = await download(service);
  const { id } = await poll(service);
  const second = service.service.actions.getArtifact("/b", first.target);
  await expect(second).rejects.toMatchObject({ code: "busy" });
  const guest = await beginReply(service, id, "new", 4);
  writeFileSync(first.target, "old");
  guest.write("!");
  await expect(first.got).rejects.toMatchObject({ code: "file-exists" });
  await expect(service.service.actions.getArtifact("/b", first.target)).rejects.toMatchObject({
    code: "file-exists",
    message: expect.stringContaining(first.target),
  });
  expect(readFileSync(first.target, "utf8")).toBe("old");
  expect(first.files()).toEqual(["artifact"]);
  expect(countEvents(service, "action-requested")).toBe(1);
});

test("a target that can't be written is refused before the guest is asked", async () => {
  const service = await startTestService();
  const folder = await makeTestFolder();
  writeFileSync(join(folder, "file"), "");
  for (const [target, code] of [
    [join(folder, "none", "artifact"), "missing-file"],
    [join(folder, "file", "artifact"), "missing-file"],
    [join(folder, "a".repeat(256)), "path-too-long"],
  ] as const)
    await expect(service.service.actions.getArtifact("/a", target)).rejects.toMatchObject({ code });
  expect(service.events).toEqual([]);
});
