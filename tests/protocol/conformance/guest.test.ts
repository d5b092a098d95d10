import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { guestRules } from "../../../core/conformance/guest/guest-rules.ts";
import type { RuleResult } from "../../../shared/conformance/conformance.ts";
import { startCheckers } from "./checkers.ts";
import { brokenRule, violations } from "./guest-violations.ts";

// Guest tools on this host. Most of the time they wait, so that many are checked at once.

// A test waits for its turn.
vi.setConfig({ testTimeout: 180_000 });

/** Rules that take long whatever the guest tools do: they begin first. */
const longest = ["retry-count", "poll-gives-up", "unknown-action", "shell-ping", "shell-pong"];
const checkers = startCheckers(16);
afterAll(() => checkers[Symbol.dispose]());

const results = new Map<string, Promise<RuleResult>>();
/** Each rule, kept and violated. */
const checks = [
  ...guestRules.map(({ id }) => ({ id, name: id, violation: undefined })),
  ...Object.keys(violations).map((violation) => ({
    id: brokenRule(violation),
    name: `not ${violation}`,
    violation,
  })),
];
beforeAll(() => {
  const tools = inject("guestTools");
  const isLong = ({ id }: { readonly id: string }) => longest.includes(id);
  const inOrder = [...checks.filter(isLong), ...checks.filter((check) => !isLong(check))];
  for (const { id, name, violation } of inOrder) {
    const result = checkers.check({ id, tools, violation });
    result.catch(() => {});
    results.set(name, result);
  }
});

test("each rule has a violation", () => {
  expect([...new Set(Object.keys(violations).map(brokenRule))].sort()).toEqual(
    guestRules.map(({ id }) => id).sort(),
  );
});

test.each(guestRules.map(({ id }) => id))("Tinsmith's guest tools keep %s", async (id) => {
  expect(await results.get(id)).toMatchObject({ id, result: "kept" });
});

test.each(Object.keys(violations))("the planted violation of %s is found", async (violation) => {
  const id = brokenRule(violation);
  expect(await results.get(`not ${violation}`)).toMatchObject({ id, result: "broken" });
});
