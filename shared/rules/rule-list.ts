import type { Rule } from "./rule.ts";

/** A rule of a session, and its use until now. */
export interface RuleState {
  readonly rule: Rule;
  /** The number of messages that it applied to. */
  readonly hits: number;
  /** The number of messages that it can still apply to; absent for one that always applies. */
  readonly left?: number | undefined;
}

/** The rules of a session, in their order. */
export interface RuleList {
  readonly seed: number;
  readonly rules: readonly RuleState[];
}
