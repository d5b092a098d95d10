import type { Expectation } from "../../shared/scenario/expectation.ts";
import type { Scenario } from "../../shared/scenario/scenario.ts";

/**
 * The expectations of a scenario, with those that need not be written: that there is a result, and that each rule applies,
 * since a fault that did not happen shows nothing. A rule with a probability may never apply.
 */
export function allExpectations({ expect, rules }: Scenario): readonly Expectation[] {
  const named = new Set(expect.map(({ rule }) => rule?.name));
  const unnamed = rules.filter(({ name, when }) => !named.has(name) && when.probability === undefined);
  return [...expect, ...unnamed.map(({ name }) => ({ rule: { name } }))];
}
