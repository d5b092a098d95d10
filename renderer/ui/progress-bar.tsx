import "./progress-bar.css";

/** How much of something is done, from 0 to 1; without a number, only that it is in progress. */
export function ProgressBar({
  label,
  fraction,
}: {
  readonly label: string;
  readonly fraction?: number | undefined;
}) {
  const percent = fraction === undefined ? undefined : Math.round(fraction * 100);
  return (
    <div
      className="progress-bar"
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <div style={percent === undefined ? undefined : { width: `${percent}%` }} />
    </div>
  );
}
