import { formatBytes, formatCount } from "../text/format.ts";
import type { OutputTimes } from "./output-times.ts";
import { describeWrongTimes } from "./session-span.ts";

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Bytes at the beginning of a file that tell whether it is a PNG file. */
export const pngSignatureBytes = pngSignature.length;

/** Whether a file is a PNG file, by its first bytes. */
export function isPng(beginning: Uint8Array): boolean {
  return pngSignature.every((byte, index) => beginning[index] === byte);
}

/** The reason why a picture of a session's screen is left out. */
export const lostPicture = "the file is missing, empty or not a PNG";

/** Says that pictures of the screen are left out; nothing if there are none. */
export function describeLostPictures(count: number): readonly string[] {
  if (count === 0) return [];
  const pictures = formatCount(count, "picture");
  return [`${pictures} of the screen ${count === 1 ? "is" : "are"} left out: ${lostPicture}.`];
}

/**
 * Says what the record of a console lacks, and what of it can't be true; nothing if it is whole.
 *
 * @param kept bytes of its output
 * @param what the console, for a person
 */
export function describeOutputFaults(
  { times, wrong }: OutputTimes,
  kept: number,
  what: string,
): readonly string[] {
  // An older Tinsmith kept none.
  if (kept > 0 && times.length === 0)
    return [`The times of ${what} are missing or can't be read: its output is shown all at once.`];
  const [, printed = 0] = times.at(-1) ?? [];
  const wrongTimes = describeWrongTimes(wrong, what);
  if (kept >= printed) return wrongTimes;
  const lost = formatBytes(printed - kept);
  return [
    ...wrongTimes,
    `The record of this session is damaged: ${lost} of the output of ${what} are missing.`,
  ];
}
