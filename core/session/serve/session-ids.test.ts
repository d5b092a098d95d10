import { existsSync, readdirSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { openSession } from "./session.ts";
import { newHome } from "./test-session.ts";

const ids = vi.hoisted(() => ({ next: [] as string[] }));
vi.mock(import("../../time/timed-id.ts"), () => ({ newTimedId: () => ids.next.shift() ?? "none is left" }));

test("of two sessions that draw the same id, the second takes another one and leaves the first alone", () => {
  const paths = newHome();
  ids.next = ["20200101-000000-aaaa", "20200101-000000-aaaa", "20200101-000000-bbbb"];
  using first = openSession(paths, "first");
  using second = openSession(paths, "second");
  expect([first.id, second.id]).toEqual(["20200101-000000-aaaa", "20200101-000000-bbbb"]);
  expect(existsSync(first.paths.events)).toBe(true);
  expect(existsSync(first.paths.working)).toBe(true);
  expect(readdirSync(paths.sockets).sort()).toEqual([first.id, second.id]);
});
