import { expect, test } from "vitest";
import { maximumRules, type RuleInput, ruleSchema } from "../../../shared/rules/rule.ts";
import type { MessageHead } from "./match-rule.ts";
import { createRuleSet, type Hit } from "./rule-set.ts";

const rule = (given: Partial<RuleInput> = {}) =>
  ruleSchema.parse({ name: "a", steps: [{ drop: true }], ...given });
/** The hits of a message that every rule lets pass, each with the number of its rule's hits. */
const pass = (hits: readonly Hit[]) => hits.map((hit) => `${hit.rule} ${hit.count()}`);
const ping: MessageHead = { from: "guest", endpoint: "ping", method: "GET" };

test("rules are added together or not at all", () => {
  const rules = createRuleSet(() => {});
  rules.add([rule()]);
  expect(() => rules.add([rule({ name: "b" }), rule()])).toThrow('the session already has a rule "a"');
  expect(rules.list()).toHaveLength(1);
});

test("a session has a limited number of rules", () => {
  const rules = createRuleSet(() => {});
  const all = Array.from({ length: maximumRules + 1 }, (_, index) => rule({ name: `${index}` }));
  expect(() => rules.add(all)).toThrow("at most 100 rules");
});

test("a rule that is not there can't be removed", () => {
  expect(() => createRuleSet(() => {}).remove("a")).toThrow('the session has no rule "a"');
});

test("rules are removed together or not at all", () => {
  const rules = createRuleSet(() => {});
  rules.add([rule(), rule({ name: "b" })]);
  expect(() => rules.remove("a", "c")).toThrow('the session has no rule "c"');
  expect(rules.list()).toHaveLength(2);
  rules.remove("a", "b", "a");
  expect(rules.list()).toEqual([]);
});

test("a set is idle when no rule can apply any more", () => {
  const rules = createRuleSet(() => {});
  expect(rules.isIdle()).toBe(true);
  rules.add([rule(), rule({ name: "second", when: { occurrence: 2 }, times: "always" })]);
  expect(rules.hits(ping).map((hit) => hit.rule)).toEqual(["a"]);
  expect(rules.isIdle()).toBe(false);
  expect(rules.hits(ping).map((hit) => hit.rule)).toEqual(["second"]);
  expect(rules.isIdle()).toBe(true);
});

test("a used-up rule that is armed again applies to as many messages as at first, and counts on", () => {
  const events: object[] = [];
  const rules = createRuleSet((event) => events.push(event));
  rules.add([rule({ times: 2 }), rule({ name: "second", when: { occurrence: 2 }, times: "always" })]);
  const hits = () => pass(rules.hits(ping));
  expect([hits(), hits(), hits()]).toEqual([["a 1"], ["a 2", "second 1"], []]);
  expect(rules.list()).toMatchObject([
    { hits: 2, left: 0 },
    { hits: 1, left: 0 },
  ]);
  expect(rules.isIdle()).toBe(true);
  for (const name of ["a", "second"]) rules.arm(name);
  expect(rules.list()[0]).toMatchObject({ hits: 2, left: 2 });
  expect(rules.list()[1]?.left).toBeUndefined();
  expect([hits(), hits(), hits()]).toEqual([["a 3"], ["a 4", "second 2"], []]);
  expect(rules.uses()).toEqual([
    { name: "a", hits: 4 },
    { name: "second", hits: 2 },
  ]);
  expect(events).toContainEqual({ type: "rule-armed", rule: "a" });
  expect(() => rules.arm("b")).toThrow('the session has no rule "b"');
});

test("a rule with a probability does not repeat its choices when it is armed again", () => {
  const choices = (armed: boolean) => {
    const rules = createRuleSet(() => {}, 1);
    rules.add([rule({ when: { probability: 0.5 }, times: "always" })]);
    return Array.from({ length: 20 }, (_, index) => {
      if (armed && index === 10) rules.arm("a");
      return rules.hits(ping).length;
    });
  };
  expect(choices(true)).toEqual(choices(false));
});

test("the use of rules is known after they were removed", () => {
  const rules = createRuleSet(() => {});
  expect(rules.uses()).toBeUndefined();
  rules.add([rule()]);
  pass(rules.hits(ping));
  rules.remove("a");
  expect(rules.uses()).toEqual([{ name: "a", hits: 1 }]);
});

test("a message whose body comes in parts counts once for a rule", () => {
  const rules = createRuleSet(() => {});
  rules.add([rule({ times: "always" }), rule({ name: "text", when: { text: "ab" }, times: "always" })]);
  const counted = new Set<string>();
  const hits = (body: string) => rules.hits(ping, Buffer.from(body), counted).map((hit) => hit.rule);
  expect([hits(""), hits("a"), hits("ab"), hits("abc")]).toEqual([["a"], [], ["text"], []]);
});

test("a hit that is given back is left for another message, and is kept from others until then", () => {
  const rules = createRuleSet(() => {});
  rules.add([rule()]);
  const [hit] = rules.hits(ping);
  expect([rules.hits(ping), rules.isIdle(), rules.list()]).toMatchObject([[], true, [{ hits: 0, left: 1 }]]);
  hit?.giveBack();
  expect([rules.isIdle(), pass(rules.hits(ping)), pass(rules.hits(ping))]).toEqual([false, ["a 1"], []]);
});
