import { expect, test, vi } from "vitest";
import { eventually } from "../../../tests/eventually.ts";
import { countEvents, untilTimers } from "../service/test-guest.ts";
import { startTestService, until, watchTimers } from "../service/test-service.ts";
import { openTestShell } from "./test-shell.ts";

/** Advances a shell's clock in steps of a second, with time between them for the effects. */
async function passSeconds(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    vi.advanceTimersByTime(1000);
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  }
}

test("a guest is pinged every 15 s, and one that answers stays for hours", async () => {
  watchTimers();
  const { guest, ended } = await openTestShell(await startTestService());
  const pinged = vi.fn();
  guest.socket.on("ping", pinged);
  await passSeconds(2 * 3600);
  expect(pinged).toHaveBeenCalledTimes((2 * 3600) / 15);
  guest.send({ type: "exit", success: true });
  await expect(ended).resolves.toEqual({ success: true });
  await untilTimers(0);
});

test("a guest that answers no ping for 45 s is cut off, whatever it says", async () => {
  watchTimers();
  const { guest, received, ended } = await openTestShell(await startTestService(), { acknowledge: true });
  guest.socket.pong = () => {};
  let over = false;
  ended.catch(() => {
    over = true;
  });
  for (let second = 1; second <= 44; second++) {
    guest.send({ type: "data", stream: "stdout", payload: Buffer.of(second) });
    await passSeconds(1);
  }
  expect(received).toHaveLength(44);
  expect(over).toBe(false);
  await passSeconds(1);
  await expect(ended).rejects.toMatchObject({
    code: "guest-action-failed",
    message: expect.stringContaining("did not answer pings for 45.0 s"),
  });
  await guest.closed;
  await untilTimers(0);
});

test("a guest that takes nothing for 30 s is cut off, though it may not be silent", async () => {
  watchTimers();
  const { guest, ended, send } = await openTestShell(await startTestService());
  guest.socket.pause();
  // More than the buffers between the two hold.
  for (let message = 0; message < 20_000; message++) send({ type: "size", columns: 80, rows: 24 });
  await passSeconds(29);
  const over = vi.fn();
  ended.catch(over);
  await passSeconds(0);
  expect(over).not.toHaveBeenCalled();
  // The time counts from the last write that was taken.
  await passSeconds(2);
  await expect(ended).rejects.toMatchObject({
    message: expect.stringContaining("accepted no data for 30.0 s"),
  });
  await untilTimers(0);
});

test("a guest's pings are answered, but don't pile up answers that it does not take", async () => {
  const { guest } = await openTestShell(await startTestService({ limits: { shellUnsentBytes: 1000 } }));
  const answered = vi.fn();
  guest.socket.on("pong", answered);
  guest.socket.ping("hello");
  await until(() => answered.mock.calls.length === 1);
  expect(String(answered.mock.lastCall?.[0])).toBe("hello");

  guest.socket.pause();
  const pings = 50_000;
  for (let ping = 0; ping < pings; ping++) guest.socket.ping("again and again and again");
  await until(() => guest.socket.bufferedAmount === 0);
  guest.socket.resume();
  // It is the last one's answer that shows that all others have been looked at.
  await eventually(() => {
    guest.socket.ping("last");
    expect(String(answered.mock.lastCall?.[0])).toBe("last");
  });
  expect(answered.mock.calls.length).toBeLessThan(pings);
});

test("an aborted shell's guest is told so, and an older one, which does not understand, is cut off", async () => {
  watchTimers();
  const abort = new AbortController();
  const { guest, ended } = await openTestShell(await startTestService(), { signal: abort.signal });
  abort.abort(new Error("enough"));
  await until(() => guest.messages.length === 1);
  expect(guest.messages).toEqual([{ type: "abort" }]);
  expect(guest.socket.readyState).toBe(guest.socket.OPEN);
  vi.advanceTimersByTime(1000);
  expect(await guest.closed).toBe(1000);
  await expect(ended).rejects.toThrow("enough");
  await untilTimers(0);
});

test("a newer guest that was told to abort ends the shell by itself", async () => {
  watchTimers();
  const { guest, ended, send } = await openTestShell(await startTestService());
  send({ type: "abort" });
  await until(() => guest.messages.length === 1);
  guest.send({ type: "exit", success: false });
  await expect(ended).resolves.toEqual({ success: false });
  expect(await guest.closed).toBe(1000);
  await untilTimers(0);
});

test("an abort that the guest does not understand fails the shell", async () => {
  watchTimers();
  const { guest, ended, send } = await openTestShell(await startTestService());
  send({ type: "abort" });
  await until(() => guest.messages.length === 1);
  vi.advanceTimersByTime(1000);
  await expect(ended).resolves.toEqual({ success: false });
  expect(await guest.closed).toBe(1000);
});

test("a shell ends at the exit, though the guest keeps its connection open, which is cut later", async () => {
  watchTimers();
  const service = await startTestService();
  const { guest, ended } = await openTestShell(service);
  // As taskcluster's guest tools do: Exit and Close are sent, and the connection stays.
  guest.send({ type: "exit", success: true });
  guest.socket.close(1000);
  guest.socket.pause();
  // The test's clock is stopped: only the exit can have ended it.
  await expect(ended).resolves.toEqual({ success: true });
  expect(countEvents(service, "action-ended")).toBe(1);
  expect(guest.socket.readyState).toBe(guest.socket.CLOSING);
  guest.socket.resume();
  vi.advanceTimersByTime(2000);
  await guest.closed;
  await untilTimers(0);
});

test("a shell that is given up at an abort does not wait for a guest that keeps its connection open", async () => {
  watchTimers();
  const { guest, ended, send } = await openTestShell(await startTestService());
  send({ type: "abort" });
  await until(() => guest.messages.length === 1);
  guest.socket.pause();
  vi.advanceTimersByTime(1000);
  await expect(ended).resolves.toEqual({ success: false });
  expect(guest.socket.readyState).toBe(guest.socket.OPEN);
});
