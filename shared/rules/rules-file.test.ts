import { expect, test } from "vitest";
import { describeRule } from "./describe-rule.ts";
import { parseRules } from "./rules-file.ts";

/** The issues for which a text is refused. */
function issuesOf(text: string): readonly string[] {
  try {
    parseRules(text);
    return [];
  } catch (error) {
    return (error as { readonly details: readonly string[] }).details;
  }
}

test("a rule needs a name and a step; all else has a default", () => {
  const { rules } = parseRules("rules: [{name: a, steps: [{drop: true}]}]");
  expect(rules).toEqual([{ name: "a", when: { from: "guest" }, steps: [{ drop: true }], times: 1 }]);
});

test("a file of rules, as a person writes it", () => {
  const { seed, rules } = parseRules(`
seed: 7
rules:
  - name: lost listing
    when: {endpoint: reply, action: list-folder, occurrence: 2}
    steps:
      - delay: 1.5
      - answer: {status: 500}
  - name: slow output
    when: {message: data, stream: [stdout, stderr]}
    steps: [{split: 1}]
    times: always
`);
  expect(seed).toBe(7);
  expect(rules.map((rule) => describeRule({ rule, hits: 0 }))).toEqual([
    "lost listing: request to reply for list-folder number 2: delay by 1.5 s, then answer 500 (not applied yet)",
    "slow output: shell message data or stdout or stderr from the guest: split into pieces of 1 byte (not applied yet)",
  ]);
});

test.each([
  ["rules: [{name: a}]", "rules.0.steps is missing"],
  ["rules: [{name: a, steps: []}]", "must have a step"],
  ["rules: [{name: a, steps: [{hold: false}]}]", "rules.0.steps.0.hold is false: must be true"],
  ["rules: [{name: a, steps: [{drop: true}], times: 0}]", "must be a whole number from 1 on"],
  [
    "rules: [{name: a, steps: [{drop: true}]}, {name: a, steps: [{drop: true}]}]",
    "another rule has this name",
  ],
  ["rules: [{name: a, when: {endpoint: polls}, steps: [{drop: true}]}]", "must be one or a list of execute"],
  ["rules: [{name: a, when: {endpont: poll}, steps: [{drop: true}]}]", "did you mean endpoint?"],
  ["rules: [{name: a, when: {pattern: '(a'}, steps: [{drop: true}]}]", "must be a regular expression of RE2"],
  [
    "rules: [{name: a, when: {pattern: '(?=a)'}, steps: [{drop: true}]}]",
    "must be a regular expression of RE2",
  ],
  ["rules: [{name: a, when: {status: 200}, steps: [{drop: true}]}]", "only a response has a status"],
  ["rules: [{name: a, when: {from: host}, steps: [{answer: {}}]}]", "use edit for a response"],
  [
    "rules: [{name: a, when: {endpoint: log}, steps: [{repeat: true}]}]",
    "repeats a response to poll, or a shell's message",
  ],
  ["rules: [{name: a, when: {message: ack}, steps: [{throttle: 1}]}]", "can't be done to a shell's message"],
  ["rules: [{name: a, steps: [{edit: {text: a, json: 1}}]}]", "must have only one of text, json and base64"],
  [
    "rules: [{name: a, steps: [{answer: {status: 304, text: hello}}]}]",
    'rules.0.steps.0.answer.text is "hello": must not be there: a response with status 304 has no body',
  ],
  [
    "rules: [{name: a, when: {from: host}, steps: [{edit: {status: 204, json: {}}}]}]",
    "must not be there: a response with status 204 has no body",
  ],
  ["rules: [{name: a, steps: [{edit: {headers: {'a b': c}}}]}]", "headers"],
  ["rules: [{name: a, steps: [{drop: true, hold: true}]}]", "must have one of hold, edit, delay"],
  ["rules: [{name: a, steps: [{drp: true}]}]", "did you mean drop?"],
  ["rules: [{name: a, steps: [{cut: {by: force}}]}]", "rules.0.steps.0.cut.by"],
  ["rules: []\nseed: 0", "must be a whole number from 1"],
])("refused: %s", (text, issue) => {
  expect(issuesOf(text).join("\n")).toContain(issue);
});
