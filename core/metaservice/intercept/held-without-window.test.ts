import { expect, test, vi } from "vitest";
import { windowPatience } from "../rules/held-messages.ts";
import { send, startTestService, until } from "../service/test-service.ts";
import { hold, startHolding } from "./test-holding.ts";
import { startTestRules } from "./test-rules.ts";

test("without a window nothing is held, and the log of the session says why", async () => {
  const rules = startTestRules([{ when: { endpoint: "ping" }, ...hold }]);
  const service = await startTestService({ rules });
  expect((await send(service, "GET", "ping")).status).toBe(200);
  expect(rules.skipped()).toEqual(["hold: no window watches for held messages"]);
});

test("it holds without a window if it is to wait for one", async () => {
  const rules = startTestRules([{ when: { endpoint: "ping" }, ...hold }], { waitsForWindow: true });
  const service = await startTestService({ rules });
  const sent = send(service, "GET", "ping");
  await until(() => rules.events.some(({ type }) => type === "message-held"));
  await rules.openWindow().untilShown(1);
  rules.held.release(1, { release: "unchanged" });
  expect((await sent).status).toBe(200);
});

test("ten seconds without a window release all, and a window that comes back in time does not", async () => {
  const { rules, service, window } = await startHolding({ when: { endpoint: "ping" }, ...hold, times: 2 });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const sent = send(service, "GET", "ping");
    await window.untilShown(1);
    window.close();
    await new Promise(setImmediate);
    vi.advanceTimersByTime(windowPatience - 1);
    const reloaded = rules.openWindow();
    await reloaded.untilShown(1);
    vi.advanceTimersByTime(windowPatience * 2);
    expect(reloaded.shown()).toHaveLength(1);
    reloaded.close();
    await new Promise(setImmediate);
    vi.advanceTimersByTime(windowPatience);
    expect((await sent).status).toBe(200);
  } finally {
    vi.useRealTimers();
  }
  expect(rules.events).toContainEqual(
    expect.objectContaining({ type: "message-released", reason: "no-window" }),
  );
});

test("a message that comes while the window is loaded again is held", async () => {
  const { rules, service, window } = await startHolding({ when: { endpoint: "ping" }, ...hold });
  await window.untilShown(0);
  window.close();
  await new Promise(setImmediate);
  const sent = send(service, "GET", "ping");
  await until(() => rules.events.some(({ type }) => type === "message-held"));
  await rules.openWindow().untilShown(1);
  rules.held.release(1, { release: "unchanged" });
  expect((await sent).status).toBe(200);
});
