import {
  type Answer,
  type Cut,
  type MessageEdit,
  nameOfStep,
  type Step,
} from "../../../shared/rules/rule.ts";
import type { RuleEvent } from "../../../shared/rules/rule-event.ts";
import type { Report } from "../../session-record/report.ts";
import type { MessageHead } from "../rules/match-rule.ts";
import type { Hit, RuleSet } from "../rules/rule-set.ts";

/** The end of what happens to a message, the reason why a step can't be done, or nothing: the next step follows. */
export type StepResult = "done" | { readonly skipped: string } | undefined;

/** The effect of each step on a message of one kind. */
export interface StepHandlers {
  readonly hold: (rule: string) => Promise<StepResult>;
  readonly edit: (edit: MessageEdit) => StepResult;
  /** @param seconds on the guest's clock */
  readonly delay: (seconds: number) => Promise<void>;
  readonly throttle: (bytesPerSecond: number) => StepResult;
  readonly split: (bytes: number) => StepResult;
  readonly cut: (cut: Cut) => StepResult;
  readonly answer: (answer: Answer) => StepResult;
  readonly drop: () => StepResult;
  readonly repeat: () => StepResult;
}

/** The message that steps are done to. */
export interface InterceptedMessage {
  readonly head: MessageHead;
  readonly exchange: number;
  readonly handlers: StepHandlers;
}

interface StepContext {
  readonly report: Report<RuleEvent>;
  readonly rules: RuleSet;
}

/**
 * Does all steps of the rules that apply to a message, in their order. The rules behind one that ends the message keep their
 * hits for others.
 *
 * @returns whether the message is passed on: no step has ended it
 */
export async function applySteps(
  hits: readonly Hit[],
  message: InterceptedMessage,
  context: StepContext,
): Promise<boolean> {
  const waiting = [...hits];
  try {
    for (let hit = waiting.shift(); hit; hit = waiting.shift())
      if (!(await applyRule(hit, message, context))) return false;
    return true;
  } finally {
    for (const hit of waiting) hit.giveBack();
  }
}

/** @returns whether the message is passed on */
async function applyRule(
  { rule, steps, count }: Hit,
  { head: { from, message }, exchange, handlers }: InterceptedMessage,
  { report, rules }: StepContext,
): Promise<boolean> {
  const { seed } = rules;
  report({
    ...{ type: "rule-hit" as const, rule, exchange, from, hit: count(), seed },
    steps: steps.map(nameOfStep),
    message,
  });
  for (const step of steps) {
    const result = await applyStep(step, rule, handlers);
    if (result === "done") return false;
    if (result)
      report({
        type: "rule-step-skipped",
        rule,
        exchange,
        step: nameOfStep(step),
        reason: result.skipped,
      });
  }
  return true;
}

async function applyStep(step: Step, rule: string, handlers: StepHandlers): Promise<StepResult> {
  const { edit, delay, throttle, split, cut, answer } = step;
  if (step.hold) return await handlers.hold(rule);
  if (edit) return handlers.edit(edit);
  if (delay) return void (await handlers.delay(delay));
  if (throttle) return handlers.throttle(throttle);
  if (split) return handlers.split(split);
  if (cut) return handlers.cut(cut);
  if (answer) return handlers.answer(answer);
  return step.drop ? handlers.drop() : handlers.repeat();
}
