import type { Difference } from "../../../shared/session/session-comparison.ts";

/** How a person reads what two exchanges differ in; if only one session has it, its place says so. */
export const differenceNames: Readonly<Record<Exclude<Difference, "only-first" | "only-second">, string>> = {
  target: "address",
  status: "status",
  outcome: "end",
  headers: "headers",
  request: "request",
  response: "response",
};
