import { useEffect, useState } from "react";

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

/** How long ago something was, kept true; the exact time shows when the pointer rests on it. */
export function RelativeTime({ at }: { readonly at: number }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), interval);
    return () => clearInterval(timer);
  }, []);
  const date = new Date(at);
  return (
    <time dateTime={date.toISOString()} title={date.toLocaleString()}>
      {describeAge((now - at) / 1000)}
    </time>
  );
}

function describeAge(seconds: number): string {
  const [unit, length] = steps.find(([, length]) => seconds >= length) ?? [];
  return unit && length ? format.format(-Math.floor(seconds / length), unit) : "just now";
}
