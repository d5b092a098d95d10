import type { Readable } from "node:stream";
import { type BootStage, bootStages, stageOfLine } from "../../shared/session/boot-stage.ts";
import { stripControls } from "../../shared/text/strip-controls.ts";
import type { Rewindable } from "../async/rewindable.ts";
import { preciseTime } from "../time/precise-time.ts";

/** A line is compared by its beginning: a guest may print without an end of line. */
const seenCharacters = 200;

/** Finds out from the serial console how far a guest has booted. */
export interface BootWatch extends Rewindable {
  /** Something else than the console tells that a stage begins; without effect if it or a later one has begun. */
  begin(stage: BootStage, line: string): void;
  /** The virtual machine was reset: the guest boots again. */
  restart(): void;
}

/**
 * Reads the output of a serial console until the userland has begun.
 *
 * @param report called with each stage that begins, with the line that says so and its time: a stage may be passed over
 */
export function watchBoot(
  serial: Readable,
  report: (stage: BootStage, line: string, time: number) => void,
): BootWatch {
  let next = 0;
  let line = "";
  const begin = (stage: BootStage, line: string) => {
    const index = bootStages.indexOf(stage);
    if (index < next) return;
    next = index + 1;
    report(stage, line, preciseTime());
  };
  const look = () => {
    const stage = stageOfLine(stripControls(line));
    if (stage) begin(stage, stripControls(line).trim());
  };
  const take = (bytes: Buffer) => {
    if (next === bootStages.length) return;
    // Signs are in ASCII; a character in several bytes may be broken.
    for (const part of bytes.toString("latin1").split(/(?<=[\r\n])/)) {
      line = (line + part).slice(0, seenCharacters);
      look();
      if (/[\r\n]$/.test(part)) line = "";
    }
  };
  serial.on("data", take);
  serial.once("close", () => serial.off("data", take));
  return {
    begin,
    restart: () => {
      next = 0;
      line = "";
    },
    remember: () => {
      const before = { next, line };
      return () => {
        ({ next, line } = before);
      };
    },
  };
}
