import { useEffect, useState } from "react";

/** The interval at which a running time changes, in milliseconds. */
const interval = 100;

/** The time in milliseconds since the epoch, kept true while something runs. */
export function useNow(isRunning: boolean): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => setNow(Date.now()), interval);
    return () => clearInterval(timer);
  }, [isRunning]);
  return now;
}
