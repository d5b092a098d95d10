import { formatLatency } from "../../../../shared/text/format.ts";
import { endpointOf, type Phase, phaseNames, phasesOf } from "../../../state/exchanges/exchange-facts.ts";
import { type Place, placeOn, type Span } from "../../../state/exchanges/time-span.ts";
import type { Exchange } from "../../../state/guest/exchanges.ts";

interface TimeBarProps {
  readonly exchange: Exchange;
  readonly axis: Span;
  /** For an exchange that is open. */
  readonly now: number;
}

/** The time of an exchange at its place on the axis: its parts one behind the other, and above them those in which it was held. */
export function TimeBar({ exchange, axis, now }: TimeBarProps) {
  const phases = phasesOf(exchange, now);
  const holds = exchange.holds ?? [];
  const parts: readonly Part[] = [
    ...(phases.length > 0
      ? phases
      : [{ kind: kindOf(exchange), from: exchange.started, to: exchange.started }]),
    ...holds.map(({ from, to = exchange.ended ?? now }) => ({ kind: "held", from, to }) as const),
  ];
  return (
    <span className="exchange-bar" title={parts.map(describePart).join(", ")}>
      {parts.map((part) => {
        const place = placeOn(axis, part);
        return (
          place && <span key={`${part.kind} ${part.from}`} data-phase={part.kind} style={styleOf(place)} />
        );
      })}
    </span>
  );
}

type Part = Pick<Phase, "from" | "to"> & { readonly kind: Phase["kind"] | "held" };

/** One that took no time is still drawn. */
function kindOf(exchange: Exchange): Phase["kind"] {
  return endpointOf(exchange) === "poll" ? "waiting" : "handling";
}

function describePart({ kind, from, to }: Part): string {
  return `${kind === "held" ? "held" : phaseNames[kind]} ${formatLatency(to - from)}`;
}

/** A short part at the end of the axis is still on it. */
function styleOf({ start, length }: Place): React.CSSProperties {
  return { left: `min(${start * 100}%, 100% - var(--line-width-strong))`, width: `${length * 100}%` };
}
