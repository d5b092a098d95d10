import { expect, test, vi } from "vitest";
import { eventually } from "../../../tests/eventually.ts";
import { beginReply, poll, replyListing } from "../service/test-guest.ts";
import { errorCodeIn, sendRaw, startTestService, watchTimers } from "../service/test-service.ts";

const listing = { files: ["/tmp/a"], notFound: false };

test("an action goes to one poll, which is told all of it, and is done with the guest's reply", async () => {
  const service = await startTestService();
  const listed = service.service.actions.listFolder("/tmp");
  const action = await poll(service);
  expect(action).toEqual({
    id: expect.stringMatching(/^[A-Za-f][\w-]{21}$/),
    type: "list-folder",
    path: "/tmp",
    command: [],
    tty: false,
  });
  expect(await replyListing(service, action.id, listing)).toMatchObject({ status: 200, body: "" });
  await expect(listed).resolves.toEqual(listing);
});

test("polls and actions are served in the order in which they came, each by one only", async () => {
  const service = await startTestService({ limits: { pollTimeout: 200 } });
  const polls = [poll(service), poll(service), poll(service)];
  const [first, second] = ["/first", "/second"].map((path) => service.service.actions.listFolder(path));
  const taken = await Promise.all(polls);
  expect(taken.map(({ path }) => path).toSorted()).toEqual(["", "/first", "/second"]);
  for (const { id, path } of taken)
    if (path) expect((await replyListing(service, id, { files: [path] })).status).toBe(200);
  expect((await first)?.files).toEqual(["/first"]);
  expect((await second)?.files).toEqual(["/second"]);
});

test("a kill is done when the guest has replied, with HTTP/1.0 too", async () => {
  const service = await startTestService();
  const killed = service.service.actions.killProcess();
  const { id, type } = await poll(service);
  expect(type).toBe("kill-process");
  expect(await sendRaw(service, `POST /engine/v1/reply?id=${id} HTTP/1.0\r\n\r\n`)).toContain("200 OK");
  await expect(killed).resolves.toEqual({ taskHasStarted: false });
});

test("a reply that comes twice, too late, or to nothing is refused", async () => {
  watchTimers();
  const service = await startTestService();
  const unknown = async (id: string) => {
    const { status, body } = await replyListing(service, id, listing);
    return [status, errorCodeIn(body)];
  };
  const refusal = [400, "UnknownActionId"];
  expect(await unknown("")).toEqual(refusal);
  expect(await unknown("A".repeat(22))).toEqual(refusal);

  const listed = service.service.actions.listFolder("/tmp");
  const late = await poll(service);
  vi.advanceTimersByTime(30_000);
  const second = await poll(service);
  expect(second.id).not.toBe(late.id);
  expect(await unknown(late.id)).toEqual(refusal);
  expect((await replyListing(service, second.id, listing)).status).toBe(200);
  expect(await unknown(second.id)).toEqual(refusal);
  await expect(listed).resolves.toEqual(listing);
});

test("while one reply is taken, another one to the same action is refused", async () => {
  const service = await startTestService();
  const listed = service.service.actions.listFolder("/tmp");
  const { id } = await poll(service);
  const text = JSON.stringify(listing);
  const guest = await beginReply(service, id, text.slice(0, 5), text.length);
  await eventually(async () => expect((await replyListing(service, id, listing)).status).toBe(400));
  guest.write(text.slice(5));
  await expect(listed).resolves.toEqual(listing);
});

test.each([
  ["no task, as while an image is built", { task: undefined }, false],
  ["ended", {}, true],
])("a service with %s refuses actions at once", async (_why, options, close) => {
  const { service } = await startTestService(options);
  if (close) await service.close();
  const request = { command: [], tty: false };
  const error = { code: "guest-no-answer", advice: expect.stringContaining("--keep-alive") };
  await expect(service.actions.listFolder("/tmp")).rejects.toMatchObject(error);
  await expect(service.actions.openShell(request, { receive: () => {} })).rejects.toMatchObject(error);
});

test("too many actions at once are refused", async () => {
  const service = await startTestService({ limits: { pendingActions: 2, shells: 1 } });
  const { actions } = service.service;
  const shell = () => actions.openShell({ command: ["sh"], tty: true }, { receive: () => {} });
  const pending = [actions.listFolder("/a"), actions.killProcess(), shell()];
  await expect(actions.listFolder("/b")).rejects.toMatchObject({
    code: "busy",
    message: expect.stringContaining("2 actions are running"),
  });
  await expect(shell()).rejects.toMatchObject({
    code: "busy",
    message: expect.stringContaining("1 shells are open"),
  });
  const over = Promise.allSettled(pending);
  await service.service.close();
  expect((await over).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
});
