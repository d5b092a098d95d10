import { describeRuleUse, type RuleUse } from "../../../shared/rules/rule-event.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import "./rule-uses.css";

/** Names the rules that an ended session has had, as the CLI does; nothing for a session without rules. */
export function RuleUses({ rules = [] }: { readonly rules?: readonly RuleUse[] | undefined }) {
  return rules.length > 0 && <p className="rule-uses">{escapeName(describeRuleUse(rules))}</p>;
}
