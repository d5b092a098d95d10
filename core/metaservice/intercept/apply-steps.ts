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

/**
 * Does all steps of the rules that apply to a message, in their order.
 *
 * @returns whether the message is passed on: no step has ended it
 */
export async function applySteps(
  hits: readonly Hit[],
  { head, exchange, handlers }: InterceptedMessage,
  { report, rules }: { readonly report: Report<RuleEvent>; readonly rules: RuleSet },
): Promise<boolean> {
  for (const { rule, number, steps } of hits) {
    const { from, message } = head;
    const hit = {
      rule,
      exchange,
      from,
      hit: number,
      seed: rules.seed,
      steps: steps.map(nameOfStep),
      message,
    };
    report({ type: "rule-hit", ...hit });
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
