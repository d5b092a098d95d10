import type { GuestRule } from "./guest-rule.ts";

/** Rules about the action that kills the task. */
export const guestKillRules: readonly GuestRule[] = [
  {
    id: "kill-process",
    sentence: "A kill is answered at once, and ends the task and its children.",
    source: "Actions, kill-process",
    kind: "binding",
    scenario: {
      command: ["sh", "-c", "echo started; sleep 1000; exit 0"],
      timeout: 25,
      actions: [{ "kill-process": true, when: { log: "started" }, expect: { within: 3 } }],
      expect: [{ result: "failed" }],
    },
  },
  {
    id: "kill-forced",
    sentence: "A task that ignores SIGTERM is killed by SIGKILL.",
    source: "Actions, kill-process",
    kind: "binding",
    scenario: {
      command: ["sh", "-c", "trap '' TERM; echo started; while :; do sleep 1; done"],
      timeout: 25,
      actions: [{ "kill-process": true, when: { log: "started" } }],
      expect: [{ result: "failed" }],
    },
  },
  {
    id: "kill-counts-as-failed",
    sentence: "A task that was killed has failed, also if it exits with 0.",
    source: "Actions, kill-process",
    kind: "addition",
    scenario: {
      command: ["sh", "-c", "trap 'exit 0' TERM; echo started; while :; do sleep 1; done"],
      timeout: 25,
      actions: [{ "kill-process": true, when: { log: "started" } }],
      expect: [{ result: "failed" }],
    },
  },
  {
    id: "kill-before-start",
    sentence: "A kill before the task has begun ends the task when it begins.",
    source: "Actions, kill-process",
    kind: "binding",
    scenario: {
      command: ["sleep", "1000"],
      timeout: 15,
      rules: [{ name: "late", when: { from: "host", endpoint: "execute" }, steps: [{ delay: 2 }] }],
      actions: [{ "kill-process": true, expect: { within: 1.9 } }],
      expect: [{ result: "failed" }],
    },
  },
  {
    id: "kill-without-task",
    sentence: "A kill without a running task is answered, too.",
    source: "Actions, kill-process",
    kind: "binding",
    scenario: {
      command: ["true"],
      timeout: 15,
      actions: [
        { composed: '{"type": "kill-process"}', when: { after: 2 }, expect: { bytes: 0, within: 5 } },
      ],
      expect: [{ result: "success", within: 2 }],
    },
  },
];
