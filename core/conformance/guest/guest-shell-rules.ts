import type { GuestRule } from "./guest-rule.ts";

/** Rules about shells. */
export const guestShellRules: readonly GuestRule[] = [
  {
    id: "shell-streams",
    sentence: "A shell takes input to its end, and sends output and errors apart, before its exit.",
    source: "Shells",
    kind: "binding",
    scenario: {
      command: ["sleep", "3"],
      actions: [
        {
          shell: ["sh", "-c", "cat; echo error >&2"],
          stdin: "input",
          expect: { content: "input", stderr: "error", result: "success" },
        },
      ],
      expect: [{ result: "success" }],
    },
  },
  {
    id: "shell-failure",
    sentence: "A shell whose command fails says so in its exit.",
    source: "Shells",
    kind: "binding",
    scenario: {
      command: ["sleep", "3"],
      actions: [{ shell: ["sh", "-c", "exit 3"], expect: { result: "failed" } }],
      expect: [{ result: "success" }],
    },
  },
  {
    id: "shell-terminal",
    sentence: "A shell with tty has a terminal.",
    source: "Shells",
    kind: "binding",
    scenario: {
      command: ["sleep", "3"],
      actions: [
        { shell: ["sh", "-c", "test -t 0 && echo terminal"], tty: true, expect: { text: "terminal" } },
      ],
      expect: [{ result: "success" }],
    },
  },
  {
    id: "shell-window",
    sentence: "A shell sends at most 64 KiB that were not acknowledged, in messages of 20 KiB at most.",
    source: "Shells",
    kind: "binding",
    scenario: {
      command: ["sleep", "6"],
      actions: [
        {
          shell: ["sh", "-c", "dd if=/dev/zero bs=1024 count=600 2>/dev/null; echo end"],
          expect: { text: "end" },
        },
      ],
      expect: [{ result: "success" }],
    },
  },
  {
    id: "shell-input",
    sentence: "A shell acknowledges its input, so that more than 64 KiB of it arrive.",
    source: "Shells",
    kind: "binding",
    scenario: {
      command: ["sleep", "3"],
      actions: [{ shell: ["wc", "-c"], stdin: "x".repeat(200_000), expect: { text: "200000" } }],
      expect: [{ result: "success" }],
    },
  },
  {
    id: "shell-default",
    sentence: "A shell without a command is the guest's own shell.",
    source: "Actions, exec-shell",
    kind: "binding",
    scenario: {
      command: ["sleep", "3"],
      actions: [{ shell: [], stdin: "echo $((40 + 2))\n", expect: { text: "42" } }],
      expect: [{ result: "success" }],
    },
  },
  {
    id: "shell-environment",
    sentence: "The environment of the task is not that of a shell.",
    source: "Shells",
    kind: "binding",
    scenario: {
      command: ["sleep", "3"],
      env: { OF_THE_TASK: "value" },
      actions: [{ shell: ["sh", "-c", 'echo "<$OF_THE_TASK>"'], expect: { content: "<>\n" } }],
      expect: [{ result: "success" }],
    },
  },
  {
    id: "shell-abort",
    sentence: "A shell that gets Abort kills its command, and ends.",
    source: "Shells, Abort",
    kind: "addition",
    scenario: {
      command: ["sleep", "6"],
      timeout: 10,
      // The output is acknowledged a second later.
      rules: [
        {
          name: "abort",
          when: { from: "host", message: "ack", stream: "stdout" },
          steps: [{ edit: { base64: "BA==" } }],
        },
      ],
      actions: [{ shell: ["sh", "-c", "echo started; sleep 1000"], expect: { result: "failed", within: 5 } }],
      expect: [{ result: "success" }],
    },
  },
  {
    id: "shell-ping",
    sentence: "A shell's connection is pinged every 15 s.",
    source: "Shells, Ping",
    kind: "binding",
    scenario: {
      command: ["sleep", "20"],
      timeout: 30,
      rules: [{ name: "ping", when: { from: "guest", message: "ping" }, steps: [{ delay: 0.01 }] }],
      actions: [{ shell: ["sleep", "18"] }],
      expect: [{ result: "success" }],
    },
  },
  {
    id: "shell-pong",
    sentence: "Pings on a shell's connection are answered.",
    source: "Shells, Ping",
    kind: "binding",
    scenario: {
      command: ["sleep", "20"],
      timeout: 30,
      rules: [{ name: "pong", when: { from: "guest", message: "pong" }, steps: [{ delay: 0.01 }] }],
      actions: [{ shell: ["sleep", "18"] }],
      expect: [{ result: "success" }],
    },
  },
];
