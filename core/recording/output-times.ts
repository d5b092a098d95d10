import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type GrowingFile, printedBytes } from "../files/logs/growing-file.ts";

/** A replay shows output that came within this time at once. Milliseconds. */
const shortestInterval = 20;

/**
 * Notes when the bytes of a log come, as lines that shared/session/output-times.ts reads. Disposing of it notes the last ones.
 *
 * The longer the file, the longer the time between two lines: a guest that prints for a week makes a file of about
 * 6 MB. The end of a log that has reached its quota has no times. A disk that is full costs the times, nothing else.
 *
 * @param path of a file, which is made with the first byte
 */
export function recordOutputTimes(log: GrowingFile, path: string): Disposable {
  const first = printedBytes(log);
  let noted = first;
  let written = 0;
  let isOver = false;
  const note = () => {
    const printed = log.parts().length === 1 ? printedBytes(log) : noted;
    if (isOver || printed === noted) return;
    noted = printed;
    try {
      const line = `${Date.now()} ${noted}\n`;
      appendFileSync(path, line, { mode: 0o600 });
      written += line.length;
    } catch {
      isOver = true;
    }
  };
  const follow = async () => {
    let change = log.change();
    while (!isOver && !log.isWhole()) {
      await change;
      // Asked for before the pause, so that changes in it are noticed.
      change = log.change();
      note();
      await sleep(Math.max(shortestInterval, written / 1024), undefined, { ref: false });
    }
  };
  void follow();
  return {
    [Symbol.dispose]: () => {
      note();
      isOver = true;
    },
  };
}
