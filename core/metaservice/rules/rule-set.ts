import { randomInt } from "node:crypto";
import { AppError } from "../../../shared/errors/errors.ts";
import { maximumRules, type Rule, type Step } from "../../../shared/rules/rule.ts";
import type { RuleEvent, RuleUse } from "../../../shared/rules/rule-event.ts";
import type { RuleState } from "../../../shared/rules/rule-list.ts";
import { digestText } from "../../files/digest.ts";
import type { Report } from "../../session-record/report.ts";
import { fitsBody, fitsHead, type MessageHead } from "./match-rule.ts";

/** A rule that is to apply to a message, when the rules before it have let the message pass. */
export interface Hit {
  readonly rule: string;
  readonly steps: readonly Step[];
  /** Counts the hit, because the rule's turn has come. @returns the number of the rule's hits */
  count(): number;
  /** Keeps the hit for another message, because a rule before it has ended this one. */
  giveBack(): void;
}

/** The rules of a session, in their order. */
export interface RuleSet {
  /** Decides about probabilities: with the same seed, the same messages get the same hits. */
  readonly seed: number;
  /** Whether no rule can apply to any message any more. */
  isIdle(): boolean;
  list(): readonly RuleState[];
  /** All rules that the session has had, also those that were removed. */
  everAdded(): readonly Rule[];
  /** The use of all these rules; undefined if the session has had none. */
  uses(): readonly RuleUse[] | undefined;
  /** Adds rules behind those that are there. @throws AppError `usage` when one has the name of another; none is added then */
  add(rules: readonly Rule[]): void;
  /** Removes rules. @throws AppError `usage` when one of them is not there; none is removed then */
  remove(...names: readonly string[]): void;
  /** Lets a rule apply to as many messages again as it did at first. @throws AppError `usage` when there is no such rule */
  arm(name: string): void;
  /** Calls back with the name of each rule that is removed, until it is disposed of. */
  onRemove(listener: (name: string) => void): Disposable;
  /** Calls back after each change of the list, until it is disposed of. */
  onChange(listener: () => void): Disposable;
  /** Whether the body of a message has to be seen before it is known which rules apply to it. */
  needsBody(head: MessageHead): boolean;
  /**
   * The rules that are to apply to a message. Until each hit is counted or given back, it is kept for this message.
   *
   * @param body the first bytes of its body, at least when they are needed
   * @param counted the rules that have counted this message before, when less of its body was known; they are left out,
   *   and those that count it now are added
   */
  hits(head: MessageHead, body?: Uint8Array, counted?: Set<string>): readonly Hit[];
}

/** A rule with its counters. */
interface Counted {
  readonly rule: Rule;
  /** The messages that fitted all but occurrence and probability. */
  fits: number;
  hits: number;
  /** The hits that are kept for messages at which the rule's turn has not come yet. */
  kept: number;
  /** Fits and hits at the moment when it was armed last. */
  armed: { readonly fits: number; readonly hits: number };
}

/** @param seed another one each time, if it is not given */
export function createRuleSet(report: Report<RuleEvent>, seed = randomInt(1, 2 ** 31)): RuleSet {
  const rules = new Map<string, Counted>();
  const all: Counted[] = [];
  const removals = new Set<(name: string) => void>();
  const changes = new Set<() => void>();
  let active: readonly Counted[] = [];
  const changed = () => {
    active = [...rules.values()].filter(isActive);
    for (const listener of changes) listener();
  };
  return {
    seed,
    isIdle: () => active.length === 0,
    list: () => [...rules.values()].map(describe),
    everAdded: () => all.map(({ rule }) => rule),
    uses: () => (all.length === 0 ? undefined : all.map(({ rule: { name }, hits }) => ({ name, hits }))),
    add: (added) => {
      const names = [...rules.keys(), ...added.map(({ name }) => name)];
      const twice = names.find((name, index) => names.indexOf(name) !== index);
      if (twice !== undefined) throw nameTaken(twice);
      if (names.length > maximumRules) throw tooMany();
      for (const rule of added) {
        const counted: Counted = { rule, fits: 0, hits: 0, kept: 0, armed: { fits: 0, hits: 0 } };
        rules.set(rule.name, counted);
        all.push(counted);
        report({ type: "rule-added", rule, seed });
      }
      changed();
    },
    remove: (...names) => {
      const missing = names.find((name) => !rules.has(name));
      if (missing !== undefined) throw noSuchRule(missing);
      for (const name of new Set(names)) {
        rules.delete(name);
        changed();
        report({ type: "rule-removed", rule: name });
        for (const listener of removals) listener(name);
      }
    },
    arm: (name) => {
      const one = rules.get(name);
      if (!one) throw noSuchRule(name);
      const { fits, hits } = one;
      one.armed = { fits, hits };
      changed();
      report({ type: "rule-armed", rule: name });
    },
    onRemove: (listener) => listenerIn(removals, listener),
    onChange: (listener) => listenerIn(changes, listener),
    needsBody: (head) => active.some(({ rule }) => seesBody(rule) && fitsHead(rule.when, head)),
    hits: (head, body, counted = new Set()) => {
      let hasCounted = false;
      const found = active.flatMap((one): Hit[] => {
        const { rule } = one;
        if (counted.has(rule.name) || !fitsHead(rule.when, head) || !fitsBody(rule.when, body)) return [];
        hasCounted = true;
        counted.add(rule.name);
        one.fits += 1;
        if (!isChosen(one, seed)) return [];
        return [keepHit(one, changed)];
      });
      if (hasCounted) changed();
      return found;
    },
  };
}

/** Keeps a hit for a message. The order of the messages decides about it, not how long rules before take. */
function keepHit(one: Counted, changed: () => void): Hit {
  const { name, steps } = one.rule;
  one.kept += 1;
  return {
    rule: name,
    steps,
    count: () => {
      one.kept -= 1;
      one.hits += 1;
      changed();
      return one.hits;
    },
    giveBack: () => {
      one.kept -= 1;
      changed();
    },
  };
}

function isActive(one: Counted): boolean {
  const left = leftOf(one);
  return left === undefined || left > one.kept;
}

/** The number of messages that a rule can still apply to; undefined for one that always applies. */
function leftOf({ rule: { when, times }, hits, fits, armed }: Counted): number | undefined {
  if (when.occurrence !== undefined && fits - armed.fits >= when.occurrence) return 0;
  return times === "always" ? undefined : Math.max(0, times - (hits - armed.hits));
}

/** Whether a rule applies to the last message that fitted it. */
function isChosen({ rule: { name, when }, fits, armed }: Counted, seed: number): boolean {
  const { occurrence, probability } = when;
  if (occurrence !== undefined && fits - armed.fits !== occurrence) return false;
  return probability === undefined || randomShare(`${seed} ${name} ${fits}`) < probability;
}

/** A number from 0 to 1 that depends on a text alone, so that no other rule's messages change it. */
function randomShare(text: string): number {
  return Number.parseInt(digestText(text).slice(0, 8), 16) / 2 ** 32;
}

function seesBody({ when: { text, pattern, json }, steps }: Rule): boolean {
  const isMatched = text !== undefined || pattern !== undefined || json !== undefined;
  return isMatched || steps.some((step) => "hold" in step || "edit" in step);
}

function describe(one: Counted): RuleState {
  const { rule, hits } = one;
  const left = leftOf(one);
  return { rule, hits, ...(left !== undefined && { left }) };
}

function listenerIn<Listener>(listeners: Set<Listener>, listener: Listener): Disposable {
  listeners.add(listener);
  return { [Symbol.dispose]: () => void listeners.delete(listener) };
}

function nameTaken(name: string): AppError {
  return new AppError({
    code: "usage",
    message: `the session already has a rule "${name}"`,
    advice: "Remove that rule first, or give the new one another name.",
  });
}

function tooMany(): AppError {
  return new AppError({
    code: "usage",
    message: `a session has at most ${maximumRules} rules`,
    advice: "Remove rules that are not needed any more.",
  });
}

function noSuchRule(name: string): AppError {
  return new AppError({
    code: "usage",
    message: `the session has no rule "${name}"`,
    advice: "tinsmith rules list shows its rules.",
  });
}
