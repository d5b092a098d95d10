import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { guestRules } from "../../../core/conformance/guest/guest-rules.ts";
import type { RuleResult } from "../../../shared/conformance/conformance.ts";
import { startCheckers } from "./checkers.ts";
import { violations } from "./guest-violations.ts";

// Guest tools on this host. Most of the time they wait, so that many are checked at once.

// A test waits for its turn.
vi.setConfig({ testTimeout: 180_000 });

/** Rules that take long whatever the guest tools do: they begin first. */
const longest = ["retry-count", "poll-gives-up", "unknown-action", "shell-ping", "shell-pong"];
const checkers = startCheckers(16);
afterAll(() => checkers[Symbol.dispose]());

const results = new Map<string, Promise<RuleResult>>();
const keyOf = (id: string, isViolated: boolean) => `${id} ${isViolated}`;
beforeAll(() => {
  const tools = inject("guestTools");
  const ids = guestRules.map(({ id }) => id);
  for (const id of [...longest, ...ids.filter((one) => !longest.includes(one))])
    for (const isViolated of [false, true]) {
      const result = checkers.check({ id, tools, isViolated });
      result.catch(() => {});
      results.set(keyOf(id, isViolated), result);
    }
});

test("each rule has a violation", () => {
  expect(Object.keys(violations).sort()).toEqual(guestRules.map(({ id }) => id).sort());
});

test.each(guestRules.map(({ id }) => id))("Tinsmith's guest tools keep %s", async (id) => {
  expect(await results.get(keyOf(id, false))).toMatchObject({ id, result: "kept" });
});

test.each(guestRules.map(({ id }) => id))("the planted violation of %s is found", async (id) => {
  expect(await results.get(keyOf(id, true))).toMatchObject({ id, result: "broken" });
});
