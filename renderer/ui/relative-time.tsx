import { useEffect, useState } from "react";
import { formatDate } from "../../shared/text/format.ts";

const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
/** The interval of updates, in milliseconds. */
const interval = 30_000;

/** How long ago something was, kept true; the date shows when the pointer rests on it. */
export function RelativeTime({ at }: { readonly at: number }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), interval);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={new Date(at).toISOString()} title={formatDate(at)}>
      {describeAge((now - at) / 1000)}
    </time>
  );
}

function describeAge(seconds: number): string {
  const [unit, length] = steps.find(([, length]) => seconds >= length) ?? [];
  return unit && length ? format.format(-Math.floor(seconds / length), unit) : "just now";
}
