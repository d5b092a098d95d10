import { useEffect, useState } from "react";
import type { OutputTime } from "../../../../shared/session/output-times.ts";
import { loadOutputTimes, type OutputName } from "../../../state/replay/session-file.ts";
import { useIsRunning } from "../../../state/sessions/use-is-running.ts";
import { useNow } from "../../../ui/use-now.ts";

/** While a session runs, the times of its output are read again after a part of its age, and not more often than this. */
const pause = { part: 1 / 8, least: 1_000 };

/** When the output of a session came. @param started when the session began */
export function useOutputTimes(session: string, name: OutputName, started: number): readonly OutputTime[] {
  const [times, setTimes] = useState<readonly OutputTime[]>([]);
  const isRunning = useIsRunning(session);
  const age = useNow(isRunning) - started;
  const step = 2 ** Math.ceil(Math.log2(Math.max(pause.least, age * pause.part)));
  const reading = isRunning ? Math.floor(age / step) * step : "last";
  useEffect(() => {
    const gone = new AbortController();
    // Without them, the axis lacks marks, about which nobody has to be told.
    loadOutputTimes(session, name, gone.signal).then(
      (loaded) => setTimes(loaded.times),
      () => {},
    );
    return () => gone.abort();
  }, [session, name, reading]);
  return times;
}
