import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { countEvents, poll, reply, replyListing } from "../service/test-guest.ts";
import { connectRaw, errorCodeIn, startTestService, until } from "../service/test-service.ts";

const json = { "Content-Type": "application/json" };
const fixtures: { name: string; body: string; expect: object }[] = JSON.parse(
  readFileSync(
    join(import.meta.dirname, "../../../tests/fixtures/guest-protocol/folder-listing.json"),
    "utf8",
  ),
);

test.each(fixtures)("a listing is read: $name", async ({ body, expect: expected }) => {
  const service = await startTestService();
  const listed = service.service.actions.listFolder("/tmp");
  expect((await reply(service, (await poll(service)).id, body, json)).status).toBe(200);
  await expect(listed).resolves.toEqual(expected);
});

test("a folder that is not there is an answer, and not tried again", async () => {
  const service = await startTestService();
  const listed = service.service.actions.listFolder("/none");
  await replyListing(service, (await poll(service)).id, { files: null, notFound: true });
  await expect(listed).resolves.toEqual({ files: [], notFound: true });
  expect(countEvents(service, "action-taken")).toBe(1);
});

test.each(["application/json; charset=utf-8", "Application/JSON ;charset=utf-8", "application/json"])(
  "the Content-Type may be %s",
  async (type) => {
    const service = await startTestService();
    const listed = service.service.actions.listFolder("/tmp");
    const { status } = await reply(service, (await poll(service)).id, "{}", { "Content-Type": type });
    expect(status).toBe(200);
    await listed;
  },
);

test.each([
  ["no Content-Type", "{}", {}],
  ["another Content-Type", "{}", { "Content-Type": "text/plain" }],
  ["a Content-Type that only begins alike", "{}", { "Content-Type": "application/jsonp" }],
  ["an empty body", "", json],
  ["JSON that is cut", '{"files": [', json],
  ["JSON of another form", '{"files": [1]}', json],
  ["JSON that is no object", "[]", json],
])("a listing with %s is malformed", async (_what, body, headers) => {
  const service = await startTestService({ limits: { tries: 1 } });
  const listed = service.service.actions.listFolder("/tmp");
  const failed = expect(listed).rejects.toMatchObject({
    code: "guest-action-failed",
    message: expect.stringMatching(/^listing the guest's \/tmp failed after 1 try: a folder's listing/),
    advice: expect.any(String),
  });
  const refused = await reply(service, (await poll(service)).id, body, headers);
  expect([refused.status, errorCodeIn(refused.body)]).toEqual([400, "InvalidPayload"]);
  await failed;
});

test("10 MiB of names are taken, and a byte more is too many files, which no other try would help", async () => {
  const service = await startTestService();
  const limit = 10 * 1024 ** 2;
  const shell = JSON.stringify({ files: [""] });
  const whole = JSON.stringify({ files: ["/".repeat(limit - shell.length)] });
  const listed = service.service.actions.listFolder("/");
  expect((await reply(service, (await poll(service)).id, whole, json)).status).toBe(200);
  expect((await listed).files[0]).toHaveLength(limit - shell.length);

  const tooMany = expect(service.service.actions.listFolder("/")).rejects.toMatchObject({
    code: "guest-action-failed",
    message: "the guest's / has too many files: their names take more than 10.5 MB",
    advice: "List a folder further down.",
  });
  const refused = await reply(service, (await poll(service)).id, `${whole} `, json);
  expect([refused.status, errorCodeIn(refused.body)]).toEqual([400, "InvalidPayload"]);
  await tooMany;
});

test("a listing without end is not read to its end", async () => {
  const service = await startTestService({ limits: { folderListingBytes: 1000, unreadBodyTimeout: 50 } });
  const listed = service.service.actions.listFolder("/");
  listed.catch(() => {});
  const { id } = await poll(service);
  const guest = await connectRaw(service);
  guest.on("error", () => {});
  guest.write(`POST /engine/v1/reply?id=${id} HTTP/1.1\r\nContent-Type: application/json\r\n`);
  guest.write("Transfer-Encoding: chunked\r\n\r\n");
  const block = `1000\r\n${" ".repeat(0x1000)}\r\n`;
  const send = () => guest.writable && guest.write(block, send);
  send();
  await expect(listed).rejects.toMatchObject({ message: expect.stringContaining("too many files") });
  await until(() => guest.destroyed || guest.resume().readableEnded);
});
