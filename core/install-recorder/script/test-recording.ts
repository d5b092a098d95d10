import type { GuestInput } from "../../../shared/recorder/guest-input.ts";
import type { Recording } from "../cast/recording.ts";
import type { RecordingEntry } from "../cast/recording-entry.ts";

/** For tests: makes a recording of a guest and a person, with a tenth of a second between two things that happen. */
export function recordingOf(make: (guest: TestGuestRecording) => void): Recording {
  const entries: RecordingEntry[] = [];
  let time = 0;
  const next = () => {
    time += 0.1;
    return time;
  };
  const guest: TestGuestRecording = {
    pass: (seconds) => {
      time += seconds;
    },
    print: (text) => void entries.push({ kind: "output", time: next(), text }),
    screen: (...lines) => void entries.push({ kind: "screen", time: next(), lines: [...lines], columns: 80 }),
    press: (input) => void entries.push({ kind: "input", time: next(), epoch: 1_000_000, input }),
    type: (line, echo = (character) => character) => {
      for (const character of line) {
        guest.press({ console: "serial", text: character });
        const shown = echo(character);
        if (shown !== "") guest.print(shown);
      }
      guest.press({ console: "serial", text: "\r" });
      guest.print("\r\n");
    },
    hidden: (name) => void entries.push({ kind: "hidden", time: next(), epoch: 1, console: "serial", name }),
    off: () => void entries.push({ kind: "off", time: next(), isPowerOff: true }),
  };
  make(guest);
  return { entries };
}

export interface TestGuestRecording {
  /** Lets seconds pass. */
  readonly pass: (seconds: number) => void;
  readonly print: (text: string) => void;
  /** The screen shows these lines. */
  readonly screen: (...lines: readonly string[]) => void;
  readonly press: (input: GuestInput) => void;
  /** A person types a line on the serial console. @param echo how the guest echoes a character */
  readonly type: (line: string, echo?: (character: string) => string) => void;
  readonly hidden: (name: string) => void;
  readonly off: () => void;
}
