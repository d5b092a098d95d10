import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import { showComparison } from "../../state/layout/panels.ts";
import { Button } from "../../ui/button.tsx";

/** Compares the sessions that are selected, if they are two that can be read: the older one is the first. */
export function CompareButton({ selected }: { readonly selected: readonly SessionSummary[] }) {
  const [first, second, ...more] = selected.toSorted((one, other) => one.started - other.started);
  if (!first || !second || more.length > 0) return null;
  const unreadable = selected.some(({ status }) => status === "newer" || status === "unreadable");
  return (
    <Button
      disabledReason={unreadable ? "One of them can't be read" : undefined}
      onClick={() => showComparison(first.id, second.id)}
    >
      Compare both sessions
    </Button>
  );
}
