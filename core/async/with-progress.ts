import { setTimeout as delay } from "node:timers/promises";

/** The shortest interval of progress reports to a client, in milliseconds. */
const progressMilliseconds = 50;

/** Tells how far work has come, always the newest only and the last one too, so that a slow client holds nothing up; then its result. */
export async function* withProgress<Progress, Result>(
  work: (onProgress: (progress: Progress) => void) => Promise<Result>,
): AsyncGenerator<Progress, Result, void> {
  let progress: Progress | undefined;
  const result = work((now) => {
    progress = now;
  });
  const isDone = result.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([isDone, delay(progressMilliseconds, false)]))) {
    if (progress) yield progress;
    progress = undefined;
  }
  const last = await result;
  // A search may have found all it finds since the last report.
  if (progress) yield progress;
  return last;
}
