import type { GuestRule } from "./guest-rule.ts";

const refused = (endpoint: "success" | "log", status: number, times: number | "always") => ({
  name: "refused",
  when: { endpoint },
  steps: [{ answer: { status } }],
  times,
});

/** Rules about requests that fail: those that are repeated, how often, and how soon. */
export const guestRetryRules: readonly GuestRule[] = [
  {
    id: "execute-cut",
    sentence: "Guest tools ask for the task again after a response that was cut.",
    source: "Errors, Repeat",
    kind: "binding",
    scenario: {
      command: ["true"],
      rules: [{ name: "cut", when: { from: "host", endpoint: "execute" }, steps: [{ cut: { after: 5 } }] }],
      expect: [{ result: "success" }, { exchanges: { endpoint: "execute", least: 2 } }],
    },
  },
  {
    id: "result-without-log",
    sentence: "Guest tools report the result also if the log is refused.",
    source: "Endpoints, success and failed",
    kind: "binding",
    scenario: {
      command: ["echo", "abc"],
      timeout: 15,
      rules: [refused("log", 400, "always")],
      expect: [{ result: "success" }],
    },
  },
  {
    id: "request-gives-up",
    sentence: "A request that gets no response for 5 s is sent again.",
    source: "Errors, Repeat",
    kind: "addition",
    needs: { exchanges: { endpoint: "success" } },
    scenario: {
      command: ["true"],
      timeout: 12,
      rules: [{ name: "dropped", when: { endpoint: "success" }, steps: [{ drop: true }] }],
      expect: [{ result: "success", within: 10 }, { exchanges: { endpoint: "success", count: 2 } }],
    },
  },
  {
    id: "retry-pauses",
    sentence: "The pauses between tries grow, from 0.1 s on.",
    source: "Errors, Repeat",
    kind: "binding",
    needs: { exchanges: { endpoint: "success" }, within: 6 },
    scenario: {
      command: ["true"],
      timeout: 8,
      rules: [refused("success", 503, "always")],
      // After about 0.1, 0.3, 0.7, 1.5, 3.1 and 6.3 s.
      expect: [{ result: "none" }, { exchanges: { endpoint: "success", least: 4, most: 8 } }],
    },
  },
  {
    id: "retry-count",
    sentence: "A request is tried 16 times, at most 5 s apart.",
    source: "Errors, Repeat",
    kind: "addition",
    needs: { exchanges: { endpoint: "success" } },
    scenario: {
      command: ["true"],
      timeout: 65,
      rules: [refused("success", 503, 15)],
      expect: [{ result: "success" }, { exchanges: { endpoint: "success", count: 16 } }],
    },
  },
];
