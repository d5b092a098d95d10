import { once } from "node:events";
import { expect, test, vi } from "vitest";
import { startGuestClock } from "../../time/guest-clock.ts";
import { openTestShell } from "../shell/test-shell.ts";
import { beginReply, poll, replyListing, untilTimers } from "./test-guest.ts";
import {
  connectRaw,
  makeTestFolder,
  send,
  startTestService,
  type TestService,
  until,
  watchTimers,
} from "./test-service.ts";

// A paused guest neither takes, nor answers, nor sends anything, and is not to blame for that.

/** A service whose guest is paused when the test says so; the test drives the time. */
async function startWatchedService() {
  watchTimers();
  const clock = startGuestClock();
  return { clock, service: await startTestService({ clock }) };
}

/** Lets minutes pass, second by second, with time between them for what then happens. */
async function passMinutes(minutes: number): Promise<void> {
  for (let second = 0; second < minutes * 60; second++) {
    vi.advanceTimersByTime(1000);
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
  }
}

test("a shell outlives a pause of any length, and is watched again after it", async () => {
  const { clock, service } = await startWatchedService();
  const { guest, ended } = await openTestShell(service);
  const over = vi.fn();
  ended.catch(over);
  guest.socket.pong = () => {};
  const pinged = vi.fn();
  guest.socket.on("ping", pinged);
  await passMinutes(0.5);
  clock.suspend(true);
  const before = pinged.mock.calls.length;
  await passMinutes(10);
  expect(pinged).toHaveBeenCalledTimes(before);
  expect(over).not.toHaveBeenCalled();
  clock.suspend(false);
  // 15 of its 45 s were left.
  await passMinutes(0.2);
  expect(over).not.toHaveBeenCalled();
  await passMinutes(0.1);
  await expect(ended).rejects.toMatchObject({
    message: expect.stringContaining("did not answer pings for 45.0 s"),
  });
});

test("what a shell was sent is taken after a pause", async () => {
  const { clock, service } = await startWatchedService();
  const { guest, ended, send } = await openTestShell(service);
  const over = vi.fn();
  ended.catch(over);
  guest.socket.pause();
  // More than the buffers between the two hold.
  for (let message = 0; message < 20_000; message++) send({ type: "size", columns: 80, rows: 24 });
  clock.suspend(true);
  await passMinutes(5);
  expect(over).not.toHaveBeenCalled();
  clock.suspend(false);
  guest.socket.resume();
  guest.send({ type: "exit", success: true });
  await expect(ended).resolves.toEqual({ success: true });
});

const listing = { files: ["/tmp/a"], notFound: false };

test("an action waits for a guest that stands still, before it is taken, answered and sent, and then goes on", async () => {
  const { clock, service } = await startWatchedService();
  await send(service, "GET", "ping");
  const listed = service.service.actions.listFolder("/tmp");
  const pause = async () => {
    clock.suspend(true);
    await passMinutes(5);
    clock.suspend(false);
  };
  await untilTimers(1);
  await pause();
  const { id } = await poll(service);
  await pause();
  const json = JSON.stringify(listing);
  const guest = await beginReply(service, id, json.slice(0, 5), json.length);
  await pause();
  guest.write(json.slice(5));
  expect(await listed).toEqual(listing);
  expect(service.events.filter(({ type }) => type === "action-try-failed")).toEqual([]);
});

test("a file is copied out to its end, though the guest was paused half-way", async () => {
  const { clock, service } = await startWatchedService();
  const target = `${await makeTestFolder()}/file`;
  const copied = service.service.actions.getArtifact("/a", target);
  const { id } = await poll(service);
  const guest = await beginReply(service, id, "half,", 10);
  clock.suspend(true);
  await passMinutes(5);
  clock.suspend(false);
  guest.write("whole");
  expect(await copied).toEqual({ bytes: 10 });
});

test("a poll is not answered while its guest can't take the answer", async () => {
  const { clock, service } = await startWatchedService();
  const answered = vi.fn();
  const polled = poll(service).then(answered);
  await untilTimers(1);
  clock.suspend(true);
  await passMinutes(2);
  expect(answered).not.toHaveBeenCalled();
  clock.suspend(false);
  const listed = service.service.actions.listFolder("/tmp");
  await polled;
  expect(answered).toHaveBeenCalledWith(expect.objectContaining({ type: "list-folder" }));
  await replyListing(service, answered.mock.lastCall?.[0].id, listing);
  expect(await listed).toEqual(listing);
});

/** Requests whose connection Node's server watches by itself, on the host's clock. */
async function whileStanding(limits: { headersTimeout?: number; keepAliveTimeout?: number }) {
  const clock = startGuestClock();
  const service = await startTestService({ clock, limits });
  return { clock, service };
}

/** Opens a connection, does one request on it, and gives it when it waits for the next. */
async function openIdle(service: TestService) {
  const guest = await connectRaw(service);
  guest.write("GET /engine/v1/ping HTTP/1.1\r\n\r\n");
  await once(guest, "data");
  return guest;
}

test("a request that was half sent when the guest was paused is answered after it", async () => {
  const { clock, service } = await whileStanding({ headersTimeout: 200 });
  const guest = await connectRaw(service);
  guest.write("GET /engine/v1/ping HTTP/1.1\r\nX-Half: ");
  await send(service, "GET", "ping");
  clock.suspend(true);
  await passedFor(600);
  clock.suspend(false);
  guest.write("yes\r\n\r\n");
  expect(String((await once(guest, "data"))[0])).toContain("200 OK");
});

test("a connection that waited for the next request is kept through a pause", async () => {
  const { clock, service } = await whileStanding({ keepAliveTimeout: 200 });
  const guest = await openIdle(service);
  clock.suspend(true);
  await passedFor(2000);
  clock.suspend(false);
  guest.write("GET /engine/v1/ping HTTP/1.1\r\n\r\n");
  expect(String((await once(guest, "data"))[0])).toContain("200 OK");
  await until(() => guest.destroyed || guest.readableEnded);
});

/** Waits until this many milliseconds have passed on the host. */
async function passedFor(milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds;
  await until(() => performance.now() > end);
}
