import { onTestFinished } from "vitest";
import type { HeldMessage, HeldState } from "../../../shared/rules/held-message.ts";
import { type RuleInput, ruleSchema } from "../../../shared/rules/rule.ts";
import type { RuleEvent } from "../../../shared/rules/rule-event.ts";
import type { Untimed } from "../../session-record/report.ts";
import { createSessionRules, type SessionRulesOptions } from "../rules/session-rules.ts";
import { startTestService } from "../service/test-service.ts";

/** Rules of a session, by what stands in a file of rules. The name may be left out: `rule`, then `rule 2` ... */
export function startTestRules(
  given: readonly (Omit<RuleInput, "name"> & { readonly name?: string })[],
  {
    onEvent = () => {},
    ...options
  }: Omit<SessionRulesOptions, "rules" | "report"> & {
    readonly onEvent?: (event: Untimed<RuleEvent>) => void;
  } = {},
) {
  const events: Untimed<RuleEvent>[] = [];
  const rules = given.map((rule, index) =>
    ruleSchema.parse({ name: index === 0 ? "rule" : `rule ${index + 1}`, ...rule }),
  );
  const session = createSessionRules({
    seed: 1,
    ...options,
    rules,
    report: (event) => {
      events.push(event);
      onEvent(event);
    },
  });
  return {
    ...session,
    events,
    /** The names of the rules that have applied, in that order. */
    hits: () => events.flatMap((event) => (event.type === "rule-hit" ? [event.rule] : [])),
    /** The steps that were left out, and why. */
    skipped: () =>
      events.flatMap((event) =>
        event.type === "rule-step-skipped" ? [`${event.step}: ${event.reason}`] : [],
      ),
    /** Opens a window, which shows the held messages until the test has finished. */
    openWindow: () => openWindow(session.held),
  };
}

/** A MetaService with these rules. */
export async function startServiceWithRules(...given: Parameters<typeof startTestRules>[0]) {
  const rules = startTestRules(given);
  return { rules, service: await startTestService({ rules }) };
}

function openWindow(held: { watch(signal: AbortSignal): AsyncGenerator<HeldState, void, void> }) {
  const closed = new AbortController();
  onTestFinished(() => closed.abort());
  let shown: readonly HeldMessage[] = [];
  const changes = new Set<() => void>();
  const until = (holds: () => boolean) =>
    new Promise<readonly HeldMessage[]>((resolve) => {
      const check = () => {
        if (!holds()) return;
        changes.delete(check);
        resolve(shown);
      };
      changes.add(check);
      check();
    });
  const follow = async () => {
    for await (const now of held.watch(closed.signal)) {
      shown = now.held;
      for (const change of changes) change();
    }
  };
  void follow();
  return {
    close: () => closed.abort(),
    shown: () => shown,
    /** Settles with the held messages when there are this many. */
    untilShown: (count: number) => until(() => shown.length === count),
  };
}
