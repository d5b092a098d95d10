import { readTextFile } from "../../files/text-file.ts";
import { parseRecording, type ReadRecording } from "./recording.ts";

/** As much as a recording with its quota of output has, if it is text: more would take minutes to compare. */
const maximumBytes = 80 * 1024 ** 2;

/** Reads the file of a recording. @throws AppError `usage` when it is none; as `readTextFile` when it can't be read */
export function readRecording(path: string): ReadRecording {
  return parseRecording(readTextFile(path, { maximumBytes, code: "usage" }), path);
}
