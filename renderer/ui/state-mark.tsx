import { CircleAlert, CircleCheck, CircleDashed, CircleDot, CircleX, type LucideIcon } from "lucide-react";
import { memo } from "react";
import "./state-mark.css";

export type StateName = "good" | "warn" | "bad" | "busy" | "none";

const icons: Record<StateName, LucideIcon> = {
  good: CircleCheck,
  warn: CircleAlert,
  bad: CircleX,
  busy: CircleDot,
  none: CircleDashed,
};

/** A state as an icon of its own shape and colour, with its name for those who see neither. */
export const StateMark = memo(function StateMark({
  state,
  label,
}: {
  readonly state: StateName;
  readonly label: string;
}) {
  const Icon = icons[state];
  return (
    <span className={`state-mark state-${state}`} role="img" aria-label={label} title={label}>
      <Icon size={15} aria-hidden />
    </span>
  );
});
