import { expect, test } from "vitest";
import { keepsProtocol, type RuleResult } from "./conformance.ts";

const rule = { id: "a", sentence: "A.", source: "A" };
const results = (...pairs: readonly (readonly [RuleResult["kind"], RuleResult["result"]])[]) =>
  pairs.map(([kind, result]) => ({ ...rule, kind, result }));

test("the protocol is kept if no binding rule was broken, and one was tested", () => {
  expect(keepsProtocol(results(["binding", "kept"], ["binding", "not-tested"], ["addition", "broken"]))).toBe(
    true,
  );
  expect(keepsProtocol(results(["binding", "kept"], ["binding", "broken"]))).toBe(false);
  expect(keepsProtocol(results(["binding", "not-tested"], ["addition", "kept"]))).toBe(false);
  expect(keepsProtocol(results(["addition", "not-tested"]))).toBe(true);
});
