/** A rule of the protocol between guest tools and MetaService, which one of them must keep. */
export interface ProtocolRule {
  /** A stable name, such as `log-before-result`. */
  readonly id: string;
  /** Says what the peer does. */
  readonly sentence: string;
  /** The part of docs/protocol.md that has the rule. */
  readonly source: string;
  /** Binding: every peer keeps it. Addition: Tinsmith goes beyond the protocol, and a peer need not. */
  readonly kind: "binding" | "addition";
}

/** A rule and whether a peer keeps it. */
export interface RuleResult extends ProtocolRule {
  readonly result: "kept" | "broken" | "not-tested";
  /** The violation, or the reason why it was not tested; absent if the rule is kept. */
  readonly seen?: string | undefined;
}

/** Whether a peer keeps the protocol: each binding rule that was tested. If there are any, one must have been. */
export function keepsProtocol(results: readonly RuleResult[]): boolean {
  const binding = results.filter(({ kind }) => kind === "binding").map(({ result }) => result);
  return !binding.includes("broken") && (binding.length === 0 || binding.includes("kept"));
}
