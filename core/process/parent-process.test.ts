import { EventEmitter } from "node:events";
import { afterEach, expect, test, vi } from "vitest";

/** The port of a utility process, as Electron gives it one. */
class FakePort extends EventEmitter {
  readonly told: unknown[] = [];
  postMessage(message: unknown): void {
    this.told.push(message);
  }
  send(data: unknown): void {
    this.emit("message", { data });
  }
}

afterEach(() => {
  Reflect.deleteProperty(process, "parentPort");
  vi.restoreAllMocks();
  vi.resetModules();
});

/** A utility process that has got its plan. */
async function startUtilityProcess() {
  const port = new FakePort();
  Object.assign(process, { parentPort: port });
  const exit = vi.spyOn(process, "exit").mockReturnValue(undefined as never);
  const parent = await import("./parent-process.ts");
  const received = parent.receivePlan(new AbortController().signal).catch(() => {});
  port.send({ plan: {} });
  await received;
  return { port, parent, exit };
}

test("a utility process ends when the app has heard what it told, since a message can be lost with its sender", async () => {
  const { port, parent, exit } = await startUtilityProcess();
  parent.tellParent({ session: "one" });
  const left = parent.leaveParent();
  await new Promise((resolve) => setImmediate(resolve));
  expect(exit).not.toHaveBeenCalled();
  port.send(parent.heardMessage);
  await left;
  expect(exit).toHaveBeenCalledOnce();
});

test("it tells once how its session began", async () => {
  const { port, parent } = await startUtilityProcess();
  parent.tellParent({ session: "one" });
  parent.tellParent({ error: { code: "internal", message: "too late", details: [] } });
  expect(port.told).toEqual([{ session: "one" }]);
});

test("it ends at once when it has told nothing", async () => {
  const { parent, exit } = await startUtilityProcess();
  await parent.leaveParent();
  expect(exit).toHaveBeenCalledOnce();
});
