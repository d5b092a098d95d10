import { readTextFile } from "../../files/text-file.ts";
import { parseRecording, type Recording } from "./recording.ts";

/** More than a recording has that has reached its quota: in JSON, a character of the guest's may take six. */
const maximumBytes = 512 * 1024 ** 2;

/** Reads the file of a recording. @throws AppError `usage` when it is none; as `readTextFile` when it can't be read */
export function readRecording(path: string): Recording {
  return parseRecording(readTextFile(path, { maximumBytes, code: "usage" }), path);
}
