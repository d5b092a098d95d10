import { X } from "lucide-react";
import { describeMatcher, describeStep } from "../../../shared/rules/describe-rule.ts";
import type { RuleState } from "../../../shared/rules/rule-list.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatCount } from "../../../shared/text/format.ts";
import { removeRule } from "../../state/breakpoints/session-rules.ts";
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
            <IconButton
              icon={X}
              label={`Remove rule ${name}`}
              onClick={() => void removeRule(session, rule.name)}
            />
          </li>
        );
      })}
    </ul>
  );
}

function describeUse({ hits, left }: RuleState): string {
  const use = hits === 0 ? "not applied yet" : `applied to ${formatCount(hits, "message")}`;
  return left === 0 ? `${use}, used up` : use;
}
