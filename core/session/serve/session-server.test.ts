import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { request } from "node:http";
import { expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import { sessionEvents } from "../../../shared/contracts/session-events.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { eventually } from "../../../tests/eventually.ts";
import type { ArtifactOptions, GuestActions } from "../../metaservice/actions/guest-actions.ts";
import type { Paths } from "../../storage/paths.ts";
import { type AttachedSession, attach } from "../client/attach.ts";
import { newHome, openTestSession, untilCancelled } from "./test-session.ts";

async function attachTest(paths: Paths): Promise<AttachedSession> {
  const attached = await attach(paths);
  onTestFinished(() => attached[Symbol.dispose]());
  return attached;
}

/** A session with a guest that does what the test says, and a client of it. */
async function start(actions?: Partial<GuestActions>) {
  const paths = newHome();
  const session = await openTestSession(paths, actions);
  const { api } = await attachTest(paths);
  return { paths, session, api };
}

test("only the user can reach the socket, which is gone when the session has ended", async () => {
  const { session } = await start();
  const { apiSocket, socketFolder } = session.paths;
  expect(statSync(apiSocket).mode & 0o777).toBe(0o600);
  expect(statSync(socketFolder).mode & 0o777).toBe(0o700);
  await session[Symbol.asyncDispose]();
  expect(existsSync(apiSocket)).toBe(false);
});

test("what the guest answers comes back as it is", async () => {
  const files = ["/a", "/with\nline break", "/ünï", "/\ufffd"];
  const listFolder = vi.fn<GuestActions["listFolder"]>(async () => ({ files, notFound: false }));
  const { api } = await start({ listFolder });
  expect(await api.guest.listFolder({ path: "/tmp" })).toEqual({ files, notFound: false });
  expect(listFolder.mock.calls[0]?.[0]).toBe("/tmp");
});

test("an error comes back with its code, advice and details", async () => {
  const error = new AppError({
    code: "guest-no-answer",
    message: "the guest did not answer",
    advice: "Look at it.",
    details: ["it was asked 3 times"],
  });
  const { api } = await start({ killProcess: () => Promise.reject(error) });
  const thrown = await api.guest.killProcess().catch((thrown: unknown) => thrown);
  expect(thrown).toBeInstanceOf(AppError);
  expect(thrown).toMatchObject(error.toJSON());
});

test("an error that nobody expected comes back as an internal one, input of a wrong form as one that names the field", async () => {
  const { api } = await start({ killProcess: () => Promise.reject(new Error("a bug")) });
  await expect(api.guest.killProcess()).rejects.toMatchObject({ code: "internal", message: "a bug" });
  // @ts-expect-error A path must be a string.
  await expect(api.guest.listFolder({ path: 1 })).rejects.toMatchObject({ code: "usage", field: "path" });
});

test("a session without a guest, and one whose guest has gone, say so", async () => {
  const { session, api } = await start();
  const noGuest = {
    code: "guest-no-answer",
    message: `session ${session.id} has no guest tools that can be asked now`,
  };
  await expect(api.guest.killProcess()).rejects.toMatchObject(noGuest);
  const killProcess = vi.fn(async () => ({ taskHasStarted: true }));
  const offer = session.guest.provide({ killProcess } as unknown as GuestActions);
  await api.guest.killProcess();
  offer[Symbol.dispose]();
  await expect(api.guest.killProcess()).rejects.toMatchObject(noGuest);
  expect(killProcess).toHaveBeenCalledTimes(1);
});

test("a file's progress is told while it comes, then its size", async () => {
  const report = Promise.withResolvers<NonNullable<ArtifactOptions["onProgress"]>>();
  const finish = Promise.withResolvers<{ bytes: number }>();
  const getArtifact = vi.fn<GuestActions["getArtifact"]>((_path, _target, options) => {
    if (options?.onProgress) report.resolve(options.onProgress);
    return finish.promise;
  });
  const { api } = await start({ getArtifact });
  const transfer = await api.guest.getArtifact({ path: "/in/guest", target: "/on/host" });
  const first = transfer.next();
  const onProgress = await report.promise;
  expect(getArtifact.mock.calls[0]?.slice(0, 2)).toEqual(["/in/guest", "/on/host"]);
  onProgress({ bytes: 1 });
  onProgress({ bytes: 2, total: 10 });
  expect(await first).toEqual({ done: false, value: { bytes: 2, total: 10 } });
  finish.resolve({ bytes: 10 });
  expect(await transfer.next()).toEqual({ done: true, value: { bytes: 10 } });
});

test("a file that can't be had is an error with its code, also after progress", async () => {
  const finish = Promise.withResolvers<never>();
  const { api } = await start({
    getArtifact: (_path, _target, options) => {
      options?.onProgress?.({ bytes: 1 });
      return finish.promise;
    },
  });
  const transfer = await api.guest.getArtifact({ path: "/a", target: "/b" });
  expect(await transfer.next()).toEqual({ done: false, value: { bytes: 1 } });
  finish.reject(new AppError({ code: "no-space", message: "full" }));
  await expect(transfer.next()).rejects.toMatchObject({ code: "no-space", message: "full" });
});

test("a client that cancels cancels the action, and has its own reason", async () => {
  const { act, started, cancelled } = untilCancelled();
  const { api } = await start({ listFolder: (_path, options) => act(options?.signal) });
  const stop = new AbortController();
  const listing = api.guest.listFolder({ path: "/" }, { signal: stop.signal });
  await started;
  const reason = new AppError({ code: "interrupted", message: "interrupted" });
  stop.abort(reason);
  await expect(listing).rejects.toBe(reason);
  await cancelled;
});

test("a client that stops listening to a file's progress cancels it", async () => {
  const { act, cancelled } = untilCancelled();
  const { api } = await start({
    getArtifact: (_path, _target, options) => {
      options?.onProgress?.({ bytes: 1 });
      return act(options?.signal);
    },
  });
  for await (const { bytes } of await api.guest.getArtifact({ path: "/a", target: "/b" })) {
    expect(bytes).toBe(1);
    break;
  }
  await cancelled;
});

test("a client that is gone has cancelled what it began; another one goes on", async () => {
  const { act, started, cancelled } = untilCancelled();
  const answer = Promise.withResolvers<{ taskHasStarted: boolean }>();
  const { paths, api } = await start({
    listFolder: (_path, options) => act(options?.signal),
    killProcess: () => answer.promise,
  });
  const gone = await attachTest(paths);
  const listing = gone.api.guest.listFolder({ path: "/" });
  const kill = api.guest.killProcess();
  await started;
  gone[Symbol.dispose]();
  await expect(listing).rejects.toMatchObject({ code: "guest-no-answer" });
  await cancelled;
  answer.resolve({ taskHasStarted: true });
  await kill;
});

test("clients of a session that ends are told, and have had its last event", async () => {
  const { act, started } = untilCancelled();
  const { session, api } = await start({ listFolder: (_path, options) => act(options?.signal) });
  const listing = api.guest.listFolder({ path: "/" });
  const failure = expect(listing).rejects.toMatchObject({
    code: "guest-no-answer",
    message: `session ${session.id} ended before its guest had answered`,
  });
  await started;
  const events = sessionEvents(api);
  const seen = (async () => {
    const texts: string[] = [];
    for await (const batch of events)
      for (const event of batch) if (event.type === "note") texts.push(event.text);
    return texts;
  })();
  session.record({ type: "note", text: "first" });
  session.record({ type: "note", text: "last" });
  await session[Symbol.asyncDispose]();
  expect(await seen).toEqual(["first", "last"]);
  await failure;
});

test("events go on after the one that a client has seen", async () => {
  const { session, api } = await start();
  for (const text of ["a", "b", "c"]) session.record({ type: "note", text });
  const events = await api.session.events({ after: 1 });
  const next = async () => (await events.next()).value;
  expect(await next()).toMatchObject([
    { seq: 2, text: "b", time: expect.any(Number) },
    { seq: 3, text: "c" },
  ]);
  session.record({ type: "note", text: "d" });
  expect(await next()).toMatchObject([{ seq: 4, text: "d" }]);
  await events.return?.();
});

test("a client that takes no events does not hold up the session's end", async () => {
  const { session, api } = await start();
  await api.session.events({});
  for (let count = 0; count < 1000; count += 1) session.record({ type: "note", text: "x".repeat(1000) });
  await session[Symbol.asyncDispose]();
});

test("a client that stands still does not hold it up either", async () => {
  const { session } = await start();
  const client = new WebSocket(`ws+unix:${session.paths.apiSocket}:/rpc`);
  onTestFinished(() => client.terminate());
  await once(client, "open");
  client.pause();
  await session[Symbol.asyncDispose]();
});

test("what is no WebSocket, or for no known path, is refused", async () => {
  const { session } = await start();
  const { apiSocket: socketPath } = session.paths;
  const [plain] = await once(request({ socketPath, path: "/rpc" }).end(), "response");
  expect(plain.statusCode).toBe(426);
  for (const [path, status] of [
    ["/nothing", 404],
    ["/shell?command=nonsense", 400],
    ["/shell?command=[1]", 400],
    ["/shell?tty=maybe", 400],
  ]) {
    const socket = new WebSocket(`ws+unix:${socketPath}:${path}`);
    const [, response] = await once(socket, "unexpected-response");
    expect(response.statusCode).toBe(status);
  }
});

test("a session is idle when nothing is asked of its guest", async () => {
  const answer = Promise.withResolvers<{ taskHasStarted: boolean }>();
  const { session, api } = await start({ killProcess: () => answer.promise });
  await session.guest.idle();
  const kill = api.guest.killProcess();
  await eventually(() => expect(session.guest.users()).toBe(1));
  let isIdle = false;
  const idle = session.guest.idle().then(() => {
    isIdle = true;
  });
  await new Promise(setImmediate);
  expect(isIdle).toBe(false);
  answer.resolve({ taskHasStarted: true });
  await Promise.all([kill, idle]);
});
