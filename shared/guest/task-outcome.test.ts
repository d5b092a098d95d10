import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { describeOutcome, readFeatures, readTaskOutcome, type TaskOutcome } from "./task-outcome.ts";

/** Also read by the guest tools' own tests: what they write is the strict form. */
function fixtures(name: string) {
  const url = new URL(`../../tests/fixtures/guest-protocol/${name}.json`, import.meta.url);
  const fixture = z.object({
    name: z.string(),
    endpoint: z.enum(["success", "failed"]).default("success"),
    headers: z
      .record(z.string(), z.string())
      .transform((headers) =>
        Object.fromEntries(Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value])),
      ),
    expect: z.unknown(),
  });
  return z
    .array(fixture)
    .min(1)
    .parse(JSON.parse(readFileSync(url, "utf8")));
}

test.each(fixtures("result"))("a result is read as the other side reads it: $name", (fixture) => {
  const { endpoint, headers, expect: exit } = fixture;
  expect(readTaskOutcome(endpoint, headers)).toEqual({ result: endpoint, exit: exit ?? undefined });
});

test.each(fixtures("execute-request"))("features are read as the other side reads them: $name", (fixture) => {
  expect(readFeatures(fixture.headers)).toEqual(fixture.expect);
});

test.each<[TaskOutcome, string]>([
  [{ result: "success", exit: { status: 0 } }, "the task succeeded"],
  [{ result: "failed" }, "the task failed"],
  [{ result: "failed", exit: { status: 7 } }, "the task failed: exit status 7"],
  [{ result: "failed", exit: { status: 137, signal: 9 } }, "the task failed: exit status 137 (SIGKILL)"],
  [{ result: "failed", exit: { status: 159, signal: 31 } }, "the task failed: exit status 159 (SIGSYS)"],
  [{ result: "failed", exit: { status: 162, signal: 34 } }, "the task failed: exit status 162 (signal 34)"],
])("%j is told as: %s", (outcome, text) => {
  expect(describeOutcome(outcome)).toBe(text);
});
