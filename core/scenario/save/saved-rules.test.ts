import { expect, test } from "vitest";
import { type RuleInput, ruleSchema } from "../../../shared/rules/rule.ts";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import { recordedExchanges } from "./recorded-exchanges.ts";
import { savedRules } from "./saved-rules.ts";

function save(...given: readonly (readonly object[])[]) {
  const events = given.flat().map((event, index) => ({ time: index, ...event })) as SessionEvent[];
  return savedRules(events, recordedExchanges(events));
}

const add = (given: Partial<RuleInput> = {}) => [
  {
    type: "rule-added",
    rule: ruleSchema.parse({ name: "rule", steps: [{ delay: 1 }], when: { endpoint: "ping" }, ...given }),
    seed: 1,
  },
];
const remove = [{ type: "rule-removed", rule: "rule" }];
const exchange = (number: number, ...between: readonly object[]) => [
  { type: "exchange-started", exchange: number, method: "GET", target: "/engine/v1/ping", headers: [] },
  ...between,
  { type: "exchange-replied", exchange: number, status: 200, headers: [] },
];
const hit = (number: number, event: object = {}) => ({
  ...{ type: "rule-hit", rule: "rule", exchange: number, from: "guest", hit: 1, seed: 1, steps: ["delay"] },
  ...event,
});
const log = [{ ...exchange(9)[0], target: "/engine/v1/log" }];
const isLate =
  'It is left out that the rule "rule" was added while the session ran: in the scenario it is there from the start, so it can apply to earlier messages.';

test("a rule that was added to a running session gets the number of the message that it applied to", () => {
  const first = exchange(1);
  expect(save(first, log, exchange(2), add(), exchange(3, hit(3)))).toMatchObject({
    rules: [{ when: { endpoint: "ping", occurrence: 3 }, times: 1 }],
    leftOut: [],
  });
  const second = { when: { endpoint: "ping", occurrence: 2 } } as const;
  expect(save(first, add(second), exchange(2), exchange(3, hit(3))).rules[0]?.when.occurrence).toBe(3);
});

test("the number of a response leaves out requests that a rule or a person has answered", () => {
  const answers = { name: "first", steps: [{ answer: {} }] };
  const late = add({ when: { from: "host", status: 200 } });
  const answered = exchange(1, hit(1, { rule: "first", steps: ["answer"] }));
  const edited = [{ type: "message-edited", exchange: 3, from: "host", status: 503, headers: [] }];
  expect(
    save(
      ...[add(answers), answered, exchange(2), exchange(3, ...edited), late],
      exchange(4, hit(4, { from: "host" })),
    ),
  ).toMatchObject({ rules: [{ name: "first" }, { when: { occurrence: 2 } }], leftOut: [] });
});

test("a rule that was there before the messages that it fits stays as it is", () => {
  for (const events of [
    [add(), exchange(1), exchange(2, hit(2))],
    [log, add(), exchange(2, hit(2)), exchange(3, hit(3))],
  ]) {
    const { rules, leftOut } = save(...events);
    expect([rules[0]?.when, leftOut]).toEqual([{ from: "guest", endpoint: "ping" }, []]);
  }
});

test("if a number can't tell which messages a rule was added for, that is said", () => {
  const always = add({ times: "always" });
  expect(save(exchange(1), always, exchange(2, hit(2)), exchange(3, hit(3))).leftOut).toEqual([isLate]);
  const body = add({ when: { text: "a" } });
  expect(save(exchange(1), body, exchange(2, hit(2))).leftOut).toEqual([isLate]);
  const chance = add({ when: { probability: 0.5 } });
  expect(save(exchange(1), chance, exchange(2)).leftOut).toEqual([isLate]);
});

test("a rule that was removed and added again becomes two, with names and messages of their own", () => {
  const always = add({ times: "always" });
  const { rules, leftOut } = save(always, exchange(1, hit(1)), remove, always, exchange(2, hit(2)));
  expect(rules).toMatchObject([
    { name: "rule", times: 1 },
    { name: "rule (2)", when: { occurrence: 2 } },
  ]);
  expect(leftOut).toEqual([]);
});

test("a breakpoint that was removed and added again is left out with one note", () => {
  const hold = add({ steps: [{ hold: true }] });
  const held = (number: number) => [
    hit(number, { steps: ["hold"] }),
    { type: "message-held", held: number, rule: "rule", exchange: number, from: "guest" },
    { type: "message-released", held: number, rule: "rule", exchange: number, release: "unchanged" },
  ];
  expect(save(hold, exchange(1, ...held(1)), remove, hold, exchange(2, ...held(2)))).toEqual({
    rules: [],
    seed: 1,
    leftOut: [
      'The rule "rule" is left out: it holds messages until a person releases them. Released: 2 unchanged.',
    ],
  });
});
