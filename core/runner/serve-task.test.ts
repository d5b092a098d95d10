import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { makePlan } from "../../shared/contracts/plan.ts";
import type { RunEvent } from "../../shared/session/run.ts";
import type { MetaServiceAddress } from "../metaservice/http/listen.ts";
import { newHome } from "../session/serve/test-session.ts";
import { serveTask } from "./serve-task.ts";

/** Serves a task in a home of its own, until the signal aborts, and keeps the events. */
function serve(listen: MetaServiceAddress, signal = new AbortController().signal) {
  const events: RunEvent[] = [];
  const context = {
    paths: newHome(),
    signal,
    onEvent: (event: RunEvent) => void events.push(event),
    onLog: () => {},
  };
  const plan = makePlan({ kind: "meta", listen, task: { command: ["make"] } });
  return { events, served: serveTask(plan, context) };
}

test("a folder that is not there is an error", async () => {
  const socketPath = join(newHome().sessions, "a.sock");
  await expect(serve({ socketPath }).served).rejects.toMatchObject({ code: "missing-file" });
});

test("a socket's name that a relay could not be told is an error", async () => {
  await expect(serve({ socketPath: "/tmp/a b" }).served).rejects.toMatchObject({ code: "path-too-long" });
});

test("a port that is in use is an error that names it, and is in the session's log", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void other.close());
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const { events, served } = serve({ port });
  await expect(served).rejects.toMatchObject({
    code: "busy",
    message: `the MetaService can't listen on port ${port} of 127.0.0.1: another program listens there, or has left its socket there`,
  });
  expect(events.at(-1)).toMatchObject({ type: "run-failed", error: { code: "busy" } });
});

test.each([
  ["never come", 0, 15 * 60, "the guest tools did not start: no request for 900 s"],
  ["fall silent", 1, 120, "the guest tools fell silent: no request for 120 s"],
])("guest tools that %s are lost", async (_what, requests, seconds, message) => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { events, served } = serve({ port: 0 });
  const lost = expect(served).rejects.toMatchObject({ code: "guest-tools-lost", message });
  const port = await until(() => {
    const notes = events.flatMap((event) => (event.type === "note" ? [event.text] : []));
    return /listens on 127.0.0.1:(\d+)/.exec(notes.join("\n"))?.[1];
  });
  for (let request = 0; request < requests; request++)
    await fetch(`http://127.0.0.1:${port}/engine/v1/execute`);
  vi.advanceTimersByTime((seconds - 1) * 1000);
  expect(events.filter(({ type }) => type === "run-failed")).toEqual([]);
  vi.advanceTimersByTime(1000);
  await lost;
  expect(events.at(-1)).toMatchObject({ type: "run-failed", error: { message } });
});

/** Waits, without a timer, until there is a value. */
async function until<T>(find: () => T | undefined): Promise<T> {
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    await setImmediate();
  }
}

test("an interruption before the result ends it with the signal's reason", async () => {
  const stop = new AbortController();
  const { served } = serve({ port: 0 }, stop.signal);
  stop.abort(new Error("enough"));
  await expect(served).rejects.toThrow("enough");
});

test("a socket's path that a file or a folder has is an error before there is a session, and both stay", async () => {
  const folder = join(newHome().sessions, "..");
  const file = join(folder, "file");
  writeFileSync(file, "somebody's");
  for (const [socketPath, message] of [
    [file, `${file} already exists`],
    [folder, `${folder} is a folder`],
  ] as const) {
    const { events, served } = serve({ socketPath });
    await expect(served).rejects.toThrow(message);
    expect(events).toEqual([]);
  }
  expect(readFileSync(file, "utf8")).toBe("somebody's");
});

test("a socket that is in use is an error that names it", async () => {
  const socketPath = join(newHome().sessions, "../a.sock");
  const other = createServer().listen(socketPath);
  onTestFinished(() => void other.close());
  await once(other, "listening");
  await expect(serve({ socketPath }).served).rejects.toMatchObject({
    code: "busy",
    message: expect.stringContaining(`${socketPath}: another program listens there`),
  });
});
