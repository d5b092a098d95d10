import { expect, test } from "vitest";
import { describeAnswer, describeScenarioAction } from "./describe-action.ts";
import { describeExpectation } from "./describe-expectation.ts";
import { parseScenario } from "./scenario-file.ts";

/** The issues for which a text is refused. */
function issuesOf(text: string): readonly string[] {
  try {
    parseScenario(text, "a.yaml");
    return [];
  } catch (error) {
    return (error as { readonly details: readonly string[] }).details;
  }
}

test("a scenario needs a name and a command; all else has a default", () => {
  expect(parseScenario("{name: a, command: [ls]}", "a.yaml")).toEqual({
    ...{ name: "a", command: ["ls"], env: {}, timeout: 120, rules: [], actions: [], expect: [] },
  });
});

test("a scenario, as a person writes it", () => {
  const { actions, expect: expectations } = parseScenario(
    `
name: The result arrives
command: [sh, -c, echo hello]
rules:
  - name: lost
    when: {from: host, endpoint: success}
    steps: [{cut: {}}]
actions:
  - list-folder: /tmp
    when: {log: hello, after: 2}
    expect: {files: [/tmp/a], within: 3}
  - shell: [cat]
    stdin: text
    expect: {content: text, result: success}
  - kill-process: true
expect:
  - result: success
    within: 10
  - log: {text: hello, bytes: 7}
  - exchanges: {endpoint: [log, poll], status: 200, least: 1, most: 2}
  - retries: {endpoint: success, most: 1}
  - order: [{endpoint: log}, {endpoint: success, outcome: complete}]
  - rule: {name: lost, count: 1}
`,
    "a.yaml",
  );
  expect(actions.map((action) => `${describeScenarioAction(action)} ${describeAnswer(action)}`)).toEqual([
    "list-folder /tmp has /tmp/a, and takes 3 s at most",
    'shell cat is "text", and ends with success',
    "kill-process succeeds",
  ]);
  expect(expectations.map(describeExpectation)).toEqual([
    "the task's result is success, within 10 s",
    'the log has "hello", and has 7 bytes',
    "from 1 to 2 exchanges of log or poll with status 200",
    "a request to success is sent again at most 1 time",
    "this order: log, then success (complete)",
    'the rule "lost" applies to exactly 1 message',
  ]);
});

test.each([
  ["command: [ls]", "line 1: name is missing: must be a text"],
  ["name: a\ncommand: []", "line 2: command is a list: must name a program"],
  ["name: a\ncomand: [ls]", "line 2: comand is a list: unknown key; did you mean command?"],
  ["name: a\ncommand: [ls]\ntimeout: 0", "line 3: timeout is 0: must be a whole number of seconds"],
  [
    "name: a\ncommand: [ls]\nexpect:\n  - result: success\n  - resul: failed",
    'line 5: expect.1.resul is "failed": unknown key; did you mean result?',
  ],
  [
    "name: a\ncommand: [ls]\nexpect:\n  - exchanges: {endpoint: log, cuont: 1}",
    "line 4: expect.0.exchanges.cuont is 1: unknown key; did you mean count?",
  ],
  [
    "name: a\ncommand: [ls]\nexpect:\n  - within: 3",
    "line 4: expect.0 is an object: must have one of result",
  ],
  [
    "name: a\ncommand: [ls]\nexpect:\n  - exchanges:\n      endpoint: sucess",
    'line 5: expect.0.exchanges.endpoint is "sucess": must be one or a list of',
  ],
  [
    "name: a\ncommand: [ls]\nactions:\n  - shell: []\n    expect:\n      files: [/a]",
    "line 6: actions.0.expect.files is a list: is not an answer to shell",
  ],
  [
    "name: a\ncommand: [ls]\nactions:\n  - list-folder: /\n    stdin: a",
    'line 5: actions.0.stdin is "a": is for shell only',
  ],
  [
    "name: a\ncommand: [ls]\nactions:\n  - when: {after: 1}",
    "line 4: actions.0 is an object: must have one of list-folder",
  ],
  [
    "name: a\ncommand: [ls]\nrules:\n  - name: r\n    steps: [{hold: true}]",
    "line 5: rules.0.steps is a list: must not hold",
  ],
  [
    "name: a\ncommand: [ls]\nexpect:\n  - rule: {name: other}",
    'line 4: expect.0.rule.name is "other": is not the name of a rule',
  ],
  ["name: a\n  command: b: c", "line 1, column 7: Nested mappings"],
])("%j is refused, with line and key", (text, issue) => {
  expect(issuesOf(text).join("\n")).toContain(issue);
});
