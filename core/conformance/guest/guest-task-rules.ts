import type { GuestRule } from "./guest-rule.ts";

/** Rules about the task, its log and its result. */
export const guestTaskRules: readonly GuestRule[] = [
  {
    id: "task-runs",
    sentence: "Guest tools ask for the task, and run its command with its environment.",
    source: "Endpoints, execute",
    kind: "binding",
    needs: { exchanges: {} },
    scenario: {
      command: ["sh", "-c", "echo value $NAME"],
      env: { NAME: "of the task" },
      expect: [{ result: "success" }, { log: { text: "value of the task" } }],
    },
  },
  {
    id: "execute-again",
    sentence: "Guest tools ask for the task again after a 5xx.",
    source: "Errors, Repeat",
    kind: "binding",
    scenario: {
      command: ["true"],
      rules: [
        { name: "refused", when: { endpoint: "execute" }, steps: [{ answer: { status: 503 } }], times: 2 },
      ],
      expect: [{ result: "success" }, { exchanges: { endpoint: "execute", least: 3 } }],
    },
  },
  {
    id: "execute-lenient",
    sentence:
      "Guest tools take null for env as empty, ignore unknown keys, and ignore the response's Content-Type.",
    source: "Errors, Read leniently",
    kind: "binding",
    scenario: {
      command: ["false"],
      rules: [
        {
          name: "other form",
          when: { from: "host", endpoint: "execute" },
          steps: [
            {
              edit: {
                headers: { "content-type": "text/plain" },
                json: { env: null, command: ["sh", "-c", "echo lenient"], later: { key: 1 } },
              },
            },
          ],
        },
      ],
      expect: [{ result: "success" }, { log: { text: "lenient" } }],
    },
  },
  {
    id: "log-streams",
    sentence: "Guest tools send the output while the command runs.",
    source: "Endpoints, log",
    kind: "binding",
    scenario: {
      command: ["sh", "-c", "echo early; sleep 8"],
      expect: [{ result: "success" }, { log: { text: "early" }, within: 6 }],
    },
  },
  {
    id: "log-terminal",
    sentence: "A task has a terminal, so its lines end in CR LF.",
    source: "Endpoints, Terminal",
    kind: "binding",
    scenario: { command: ["echo", "abc"], expect: [{ result: "success" }, { log: { bytes: 5 } }] },
  },
  {
    id: "log-before-result",
    sentence: "Guest tools report the result when the whole log was taken.",
    source: "Endpoints, success and failed",
    kind: "binding",
    scenario: {
      command: ["echo", "abc"],
      rules: [{ name: "late", when: { from: "host", endpoint: "log" }, steps: [{ delay: 1 }] }],
      expect: [
        { result: "success" },
        { log: { text: "abc" } },
        { order: [{ endpoint: "log", outcome: "complete" }, { endpoint: "success" }] },
      ],
    },
  },
  {
    id: "result-failed",
    sentence: "A command that fails is reported as failed.",
    source: "Endpoints, success and failed",
    kind: "binding",
    scenario: {
      command: ["false"],
      expect: [{ result: "failed" }, { exchanges: { endpoint: "success", count: 0 } }],
    },
  },
  {
    id: "result-not-started",
    sentence: "A command that can't be started is reported as failed.",
    source: "Endpoints, How the command ended",
    kind: "binding",
    scenario: { command: ["no-such-command-of-any-guest"], expect: [{ result: "failed" }] },
  },
  {
    id: "result-again",
    sentence: "Guest tools report the result again after a 5xx or a broken connection.",
    source: "Errors, Repeat",
    kind: "binding",
    needs: { exchanges: { endpoint: "success" } },
    scenario: {
      command: ["true"],
      rules: [
        { name: "refused", when: { endpoint: "success" }, steps: [{ answer: { status: 500 } }] },
        { name: "cut", when: { endpoint: "success", occurrence: 2 }, steps: [{ cut: {} }] },
      ],
      expect: [{ result: "success" }, { exchanges: { endpoint: "success", least: 3 } }],
    },
  },
  {
    id: "refusal-final",
    sentence: "Guest tools don't repeat a request after a 4xx.",
    source: "Errors, Repeat",
    kind: "binding",
    needs: { exchanges: { endpoint: "success" } },
    scenario: {
      command: ["true"],
      timeout: 10,
      rules: [
        {
          name: "refused",
          when: { endpoint: "success" },
          steps: [{ answer: { status: 409, code: "ResourceConflict" } }],
          times: "always",
        },
      ],
      expect: [{ result: "none" }, { exchanges: { endpoint: "success", count: 1 } }],
    },
  },
  {
    id: "exit-status",
    sentence: "Guest tools send the exit status of the command with the result.",
    source: "Endpoints, How the command ended",
    kind: "addition",
    scenario: { command: ["sh", "-c", "exit 7"], expect: [{ result: "failed" }, { exit: 7 }] },
  },
  {
    id: "no-terminal",
    sentence: "A task with tty: false has no terminal.",
    source: "Endpoints, Terminal",
    kind: "addition",
    scenario: {
      command: ["echo", "abc"],
      tty: false,
      expect: [{ result: "success" }, { log: { bytes: 4 } }],
    },
  },
  {
    id: "log-continues",
    sentence: "A log whose connection was cut continues in a new request.",
    source: "Errors, Repeat",
    kind: "addition",
    scenario: {
      command: ["sh", "-c", "echo first; sleep 1; echo second; sleep 1; echo third"],
      rules: [{ name: "cut", when: { endpoint: "log" }, steps: [{ cut: { after: 2 } }] }],
      expect: [
        { result: "success" },
        { log: { text: "third" } },
        { exchanges: { endpoint: "log", least: 2 } },
      ],
    },
  },
];
