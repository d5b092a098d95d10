import { memo } from "react";
import "./state-mark.css";

export type StateName = "good" | "warn" | "bad" | "busy" | "none" | "cancelled";

const circle = "M2 12a10 10 0 1 0 20 0a10 10 0 1 0-20 0";

/** Lucide's icons, each as one path: a mark whose state changes is the same element with another path. */
const paths: Readonly<Record<StateName, string>> = {
  good: `${circle}M16 9l-5.5 5.5L8 12`,
  warn: `${circle}M12 8v4M12 16h.01`,
  bad: `${circle}M15 9l-6 6M9 9l6 6`,
  busy: `${circle}M11 12a1 1 0 1 0 2 0a1 1 0 1 0-2 0`,
  none: "M10.1 2.182a10 10 0 0 1 3.8 0M13.9 21.818a10 10 0 0 1-3.8 0M17.609 3.721a10 10 0 0 1 2.69 2.7M2.182 13.9a10 10 0 0 1 0-3.8M20.279 17.609a10 10 0 0 1-2.7 2.69M21.818 10.1a10 10 0 0 1 0 3.8M3.721 6.391a10 10 0 0 1 2.7-2.69M6.391 20.279a10 10 0 0 1-2.69-2.7",
  cancelled: `${circle}M9 15l6-6`,
};

/** A state as an icon of its own shape and colour, with its name for those who see neither. */
export const StateMark = memo(function StateMark({
  state,
  label,
}: {
  readonly state: StateName;
  readonly label: string;
}) {
  return (
    <span className={`state-mark state-${state}`} role="img" aria-label={label} title={label}>
      <svg viewBox="0 0 24 24" aria-hidden>
        <path d={paths[state]} />
      </svg>
    </span>
  );
});
