import { setTimeout as delay } from "node:timers/promises";

/** The shortest interval of progress reports to a client, in milliseconds. */
const progressMilliseconds = 50;

/** Tells how far work has come, always the newest only, so that a slow client holds nothing up; then its result. */
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
  return await result;
}
