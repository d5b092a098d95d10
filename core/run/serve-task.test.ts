import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { RunEvent } from "../../shared/run.ts";
import type { MetaServiceAddress } from "../meta/listen.ts";
import { newHome } from "../session/test-session.ts";
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
  const plan = { listen, task: { command: ["make"], env: {} }, keepAlive: false };
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
    message: `the MetaService can't listen on port ${port} of 127.0.0.1: something listens there already, or has left its socket behind`,
  });
  expect(events.at(-1)).toMatchObject({ type: "run-failed", error: { code: "busy" } });
});

test("an interruption before the result ends it with the signal's reason", async () => {
  const stop = new AbortController();
  const { served } = serve({ port: 0 }, stop.signal);
  stop.abort(new Error("enough"));
  await expect(served).rejects.toThrow("enough");
});
