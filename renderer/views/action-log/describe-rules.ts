import type { Exchange, RuleOfExchange } from "../../state/guest/exchanges.ts";

/** Names the rules that applied to an exchange's messages, for exports; undefined without any. */
export function describeRules({
  rules = [],
  edited,
}: Pick<Exchange, "rules" | "edited">): string | undefined {
  const sides = (["guest", "host"] as const).flatMap((from) => {
    const names = rules.filter((rule) => rule.from === from).map(({ name }) => JSON.stringify(name));
    if (names.length === 0) return [];
    return [`${names.join(", ")} ${edited?.[from] ? "edited" : "applied to"} the ${messages[from]}`];
  });
  return sides.length === 0 ? undefined : `rules: ${sides.join("; ")}`;
}

const messages: Readonly<Record<RuleOfExchange["from"], string>> = { guest: "request", host: "response" };
