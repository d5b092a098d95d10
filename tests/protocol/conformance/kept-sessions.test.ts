import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { checkGuest } from "../../../core/conformance/guest/check-guest.ts";
import { guestRules } from "../../../core/conformance/guest/guest-rules.ts";
import { findPaths } from "../../../core/storage/paths.ts";

/** The rule, which a check has this many seconds for. */
function ruleOf(id: string, timeout: number) {
  const rule = guestRules.find((one) => one.id === id);
  if (!rule) throw new Error(`there is no rule ${id}`);
  return { ...rule, scenario: { ...rule.scenario, timeout } };
}

test("guest tools that start late, come never, or end at once break no rule", async () => {
  const home = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const context = {
    ...{ paths: findPaths({ TINSMITH_HOME: home }), signal: new AbortController().signal },
    ...{ onEvent: () => {}, settleTime: 100 },
  };
  const tools = `exec ${inject("guestTools")} --host $TINSMITH_HOST run`;
  const pauses = ruleOf("retry-pauses", 4);
  expect(await checkGuest(pauses, { command: `sleep 5; ${tools}` }, context)).toMatchObject({
    result: "kept",
  });
  const never = await checkGuest(pauses, { command: "sleep 1000" }, { ...context, startTimeout: 0 });
  expect(never).toMatchObject({ result: "not-tested", seen: expect.stringContaining("no exchange") });
  const ended = await checkGuest(ruleOf("task-runs", 9), { command: "exit 3" }, context);
  expect(ended).toMatchObject({ result: "not-tested", seen: expect.stringContaining("no exchange") });
});

test("the session of a broken rule is kept, that of a kept rule is not", async () => {
  const home = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const paths = findPaths({ TINSMITH_HOME: home });
  const context = { paths, signal: new AbortController().signal, onEvent: () => {}, settleTime: 100 };
  const guest = { command: `exec ${inject("guestTools")} --host $TINSMITH_HOST run` };
  const kept = () => readdirSync(paths.sessions).filter((name) => !name.startsWith("."));
  const rule = guestRules.find(({ id }) => id === "exit-status");
  if (!rule) throw new Error("the rule is gone");
  expect(await checkGuest(rule, guest, context)).toMatchObject({ result: "kept" });
  expect(kept()).toEqual([]);
  const broken = { ...rule, scenario: { ...rule.scenario, expect: [{ log: { text: "never" } }] } };
  expect(await checkGuest(broken, guest, context)).toMatchObject({ result: "broken" });
  expect(kept()).toHaveLength(1);
});
