import type { ExchangeBody, ExchangeHeaders } from "../guest/exchange.ts";
import { formatCount } from "../text/format.ts";
import type { Side } from "./message-kinds.ts";
import type { Rule, Step, StepName } from "./rule.ts";

/** How a person, or Tinsmith itself, released a held message. */
export const releases = ["unchanged", "edited", "answered", "cut"] as const;
export type Release = (typeof releases)[number];
/** Why Tinsmith itself released a held message. */
export type ReleaseReason = "rule-removed" | "no-window" | "guest-gave-up";

/** A rule that a session had, also one that was removed, and the number of messages that it applied to. */
export interface RuleUse {
  readonly name: string;
  readonly hits: number;
}

/** Names the rules that a session had, for the person who reads its result. @param where one of several sessions: "in the first session" */
export function describeRuleUse(rules: readonly RuleUse[], where?: string): string {
  const uses = rules.map(
    ({ name, hits }) => `${name} (${hits === 0 ? "never applied" : formatCount(hits, "message")})`,
  );
  return `Rules were active${where === undefined ? "" : ` ${where}`}: ${uses.join(", ")}.`;
}

/** An edited or shortened message on the service's side: a request as the service got it, or a response as the service made it. */
export interface ServiceMessage {
  /** Of a response. */
  readonly status?: number | undefined;
  readonly headers: ExchangeHeaders;
  readonly body: ExchangeBody;
}

/**
 * An event of a session's rules. `time` is in milliseconds since the epoch; `exchange` is the number of the exchange that the
 * message belongs to.
 */
export type RuleEvent = { readonly time: number } & (
  | { readonly type: "rule-added"; readonly rule: Rule; readonly seed: number }
  | { readonly type: "rule-removed"; readonly rule: string }
  /** A person lets a rule apply to as many messages again as it did at first. */
  | { readonly type: "rule-armed"; readonly rule: string }
  /** A rule applied to a message. */
  | {
      readonly type: "rule-hit";
      readonly rule: string;
      readonly exchange: number;
      readonly from: Side;
      /** Counts the hits of the rule from 1. */
      readonly hit: number;
      /** The seed of the session's rules: with it, the same messages get the same hits. */
      readonly seed: number;
      /** The rule's steps, of which the last ones are not taken if one before has ended the message. Logs of older versions have none. */
      readonly steps?: readonly StepName[];
      /** The type of the shell's message. */
      readonly message?: string | undefined;
    }
  /** A rule has edited or shortened a message, of which the action log has the version on the guest's side. This is the other one. */
  | ({
      readonly type: "message-edited";
      readonly exchange: number;
      readonly from: Side;
    } & ServiceMessage)
  /** A step of a rule could not be done to a message. */
  | {
      readonly type: "rule-step-skipped";
      readonly rule: string;
      readonly exchange: number;
      readonly step: StepName;
      /** Why, as the end of a sentence: "the body is larger than 1 MiB". */
      readonly reason: string;
    }
  /** `held` counts the session's held messages from 1. */
  | {
      readonly type: "message-held";
      readonly held: number;
      readonly rule: string;
      readonly exchange: number;
      readonly from: Side;
    }
  | {
      readonly type: "message-released";
      readonly held: number;
      readonly rule: string;
      readonly exchange: number;
      readonly release: Release;
      /** The change that a person has made; absent if there is none, or if it is too large for the record. */
      readonly step?: Step | undefined;
      /** Why Tinsmith released it. Absent: a person did. */
      readonly reason?: ReleaseReason | undefined;
    }
);
