import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { forceableAfter, stopsAsked } from "./stop-session.ts";

/**
 * The progress of a session's stop: nobody has asked for one, it is under way, or it takes so long that it may be
 * forced.
 */
type StopStage = "possible" | "asked" | "forceable";

/** Follows the stop of a session. */
export function useStop(session: string): StopStage {
  const asked = useStore(stopsAsked, (state) => state[session]);
  const canForce = useHasPassed(asked && asked.at + forceableAfter);
  if (asked === undefined) return "possible";
  return canForce && !asked.isForced ? "forceable" : "asked";
}

/** Whether a time, in milliseconds since the epoch, has passed; the component is drawn again when it does. */
function useHasPassed(time: number | undefined): boolean {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (time === undefined) return;
    const timer = setTimeout(() => setNow(Date.now()), Math.max(0, time - Date.now()));
    return () => clearTimeout(timer);
  }, [time]);
  return time !== undefined && now >= time;
}
