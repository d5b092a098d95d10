import { formatCount } from "../text/format.ts";
import type { Matcher, Step } from "./rule.ts";
import type { RuleState } from "./rule-list.ts";

/** Describes a rule and its use in one line. */
export function describeRule({ rule, hits, left }: RuleState): string {
  return `${rule.name}: ${describeMatcher(rule.when)}: ${rule.steps.map(describeStep).join(", then ")} (${describeUse(hits, left)})`;
}

function describeUse(hits: number, left: number | undefined): string {
  const use = hits === 0 ? "not applied yet" : `applied to ${formatCount(hits, "message")}`;
  if (left === undefined) return use;
  if (left === 0) return `${use}, used up`;
  return hits === 0 ? `${use}, armed for ${formatCount(left, "message")}` : `${use}, armed for ${left} more`;
}

/** Names the messages that a matcher fits. */
export function describeMatcher(when: Matcher): string {
  const {
    from,
    endpoint,
    method,
    action,
    status,
    text,
    pattern,
    json,
    message,
    stream,
    occurrence,
    probability,
  } = when;
  const kind = from === "guest" ? "request to" : "response of";
  const parts = [
    message !== undefined || stream !== undefined
      ? `shell message ${[message, stream].flatMap((one) => one ?? []).join(" or ")} from the ${from}`
      : `${method === undefined ? "" : `${method} `}${kind} ${endpoint === undefined ? "any endpoint" : [endpoint].flat().join(" or ")}`,
    action !== undefined && `for ${[action].flat().join(" or ")}`,
    status !== undefined && `with status ${status}`,
    text !== undefined && `with ${JSON.stringify(text)}`,
    pattern !== undefined && `with /${pattern}/`,
    json !== undefined && `with ${JSON.stringify(json)}`,
    occurrence !== undefined && `number ${occurrence}`,
    probability !== undefined && `with probability ${probability}`,
  ];
  return parts.filter((part) => part !== false).join(" ");
}

/** Names what a step does. */
export function describeStep({ hold, edit, delay, throttle, split, cut, answer, drop }: Step): string {
  if (hold) return "hold";
  if (edit) return "edit";
  if (delay) return `delay by ${delay} s`;
  if (throttle) return `throttle to ${throttle} B/s`;
  if (split) return `split into pieces of ${formatCount(split, "byte")}`;
  if (cut)
    return `cut${cut.after === undefined ? "" : ` after ${formatCount(cut.after, "byte")}`} (${cut.by})`;
  if (answer) return `answer ${answer.status}`;
  return drop ? "drop" : "send twice";
}
