import { RotateCw, X } from "lucide-react";
import { describeMatcher, describeStep } from "../../../shared/rules/describe-rule.ts";
import type { RuleState } from "../../../shared/rules/rule-list.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatCount } from "../../../shared/text/format.ts";
import { armRule, removeRule } from "../../state/breakpoints/session-rules.ts";
import { IconButton } from "../../ui/button.tsx";

interface RuleListProps {
  readonly session: string;
  readonly rules: readonly RuleState[];
}

/** The rules of a session, in their order, with their use. */
export function RuleList({ session, rules }: RuleListProps) {
  return (
    <ul className="rule-list" aria-label="Rules">
      {rules.map((state) => {
        const { rule } = state;
        const name = escapeName(rule.name);
        return (
          <li key={rule.name} data-is-used-up={state.left === 0 || undefined}>
            <p className="rule-head">
              <strong>{name}</strong>
              <span className="rule-use">{describeUse(state)}</span>
            </p>
            <span className="rule-effect">
              {escapeName(`${describeMatcher(rule.when)}: ${rule.steps.map(describeStep).join(", then ")}`)}
            </span>
            <div className="rule-actions">
              {wasUsed(state) && (
                <IconButton
                  icon={RotateCw}
                  label={`Arm rule ${name} again`}
                  disabledReason={state.left === 0 ? undefined : "It is armed"}
                  onClick={() => void armRule(session, rule.name)}
                />
              )}
              <IconButton
                icon={X}
                label={`Remove rule ${name}`}
                onClick={() => void removeRule(session, rule.name)}
              />
            </div>
          </li>
        );
      })}
    </ul>
  );
}

/** Whether a rule that ends by itself has applied: its button then stays, and with it the focus. */
function wasUsed({ rule, hits, left }: RuleState): boolean {
  const canEnd = rule.times !== "always" || rule.when.occurrence !== undefined;
  return canEnd && (hits > 0 || left === 0);
}

function describeUse({ hits, left }: RuleState): string {
  const use = hits === 0 ? "not applied yet" : `applied to ${formatCount(hits, "message")}`;
  if (left === 0) return `${use}, used up`;
  return hits > 0 && left !== undefined ? `${use}, armed for ${left} more` : use;
}
