import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { checkGuest } from "../../../core/conformance/guest/check-guest.ts";
import { guestRules } from "../../../core/conformance/guest/guest-rules.ts";
import { findPaths } from "../../../core/storage/paths.ts";

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
