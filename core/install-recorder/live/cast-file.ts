import { closeSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { formatBytes } from "../../../shared/text/format.ts";
import { diskReserve, freeBytesSync } from "../../files/free-space.ts";
import { type CastEvent, formatEvent } from "../cast/recording-entry.ts";

/** The file of a recording, while it grows. Disposing of it closes it. */
export interface CastFile extends Disposable {
  /** Adds an event: it is in the file when this returns, so that no killed process loses it. */
  write(time: number, event: CastEvent): void;
}

interface CastFileOptions {
  readonly title: string;
  /** Called once with the reason, when outputs are left out from then on, or nothing more is written. */
  readonly onNote: (text: string) => void;
  /** Bytes of outputs above which only the last ones before an input are written. */
  readonly quota?: number;
  /** Bytes that stay free on the disk. */
  readonly reserve?: number;
}

/** A guest prints this much when its installation takes hours; beside the session's other files, it is not much. */
const usualQuota = 64 * 1024 ** 2;
/** So much is written above the quota before an input: enough for the prompt. Characters. */
const keptCharacters = 16 * 1024;
/** The disk is looked at again when the file has grown by so many bytes. */
const lookInterval = 1024 ** 2;
/** The size that guests assume for the terminal of a serial console. */
const terminal = { width: 80, height: 24 };

/** Makes the file. Times are seconds since its start. */
export function createCastFile(
  path: string,
  { title, onNote, quota = usualQuota, reserve = diskReserve }: CastFileOptions,
): CastFile {
  const file = openSync(path, "ax", 0o600);
  let size = 0;
  let nextLook = 0;
  let last = 0;
  let isFull = false;
  let isOver = false;
  /** The end of the outputs that are left out. */
  let left = "";
  const append = (text: string) => {
    if (isOver) return;
    try {
      if (size >= nextLook) {
        nextLook = size + lookInterval;
        if (freeBytesSync(dirname(path)) < reserve) throw new Error("its disk is nearly full");
      }
      size += writeSync(file, text);
    } catch (error) {
      isOver = true;
      onNote(
        `From here on this installation is not recorded: ${error instanceof Error ? error.message : error}.`,
      );
    }
  };
  const add = (time: number, event: CastEvent) => {
    last = Math.max(last, time);
    append(formatEvent(last, event));
  };
  append(`${JSON.stringify({ version: 2, ...terminal, timestamp: Math.floor(Date.now() / 1000), title })}\n`);
  return {
    write: (time, event) => {
      if (!("output" in event)) {
        if (left !== "") add(time, { output: left });
        left = "";
        add(time, event);
      } else if (isFull) left = `${left}${event.output}`.slice(-keptCharacters);
      else {
        add(time, event);
        if (size < quota) return;
        isFull = true;
        onNote(
          `The recording of this installation has ${formatBytes(size)}. From here on it has only the output just before each input.`,
        );
      }
    },
    [Symbol.dispose]: () => closeSync(file),
  };
}
