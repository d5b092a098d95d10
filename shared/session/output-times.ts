/** A time in milliseconds since the epoch, and the number of bytes of a log that had come by then. */
export type OutputTime = readonly [time: number, bytes: number];

/** Reads a file such as a session's `serial.times`, in which each line has a time and a number of bytes. Half a line is left out. */
export function parseOutputTimes(text: string): readonly OutputTime[] {
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .flatMap((line) => {
      const [time, bytes] = line.split(" ").map(Number);
      return time && bytes ? [[time, bytes] as const] : [];
    });
}
