import { expect, test } from "vitest";
import { parseRules } from "../../../shared/rules/rules-file.ts";
import { parseScenario } from "../../../shared/scenario/scenario-file.ts";
import { rulesTemplate, scenarioTemplate } from "./add-set-file.ts";

test("a new rules.yaml is valid, also with the rules that are commented out", () => {
  expect(parseRules(rulesTemplate, "rules.yaml").rules).toHaveLength(1);
  const whole = rulesTemplate.replaceAll(/^( *)# (?=seed:|- name| {2}(?:when|steps|times))/gm, "$1");
  expect(parseRules(whole, "rules.yaml")).toMatchObject({ seed: 1, rules: [{}, { times: "always" }] });
});

test("a new scenario is valid", () => {
  expect(parseScenario(scenarioTemplate, "new-scenario.yaml")).toMatchObject({
    rules: [{ name: "lost response" }],
    expect: [{}, {}, {}],
  });
});
