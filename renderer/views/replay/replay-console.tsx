import { useEffect, useRef } from "react";
import { type OutputTrack, printedUntil } from "../../state/replay/recording.ts";
import { openTerminal, type Terminal } from "../../ui/terminal/terminal.ts";

interface ReplayConsoleProps {
  readonly label: string;
  readonly track: OutputTrack;
  readonly time: number;
}

/** Bytes that a terminal reads again when a person goes back: more than its screen ever shows at once. */
const tailBytes = 32 * 1024;
/** Makes a terminal forget all. */
const reset = new TextEncoder().encode("\x1bc");

/** The output of a console as it was at a time. */
export function ReplayConsole({ label, track, time }: ReplayConsoleProps) {
  const box = useRef<HTMLDivElement>(null);
  const shown = useRef({ terminal: undefined as Terminal | undefined, bytes: 0 });
  useEffect(() => {
    if (!box.current) return;
    const terminal = openTerminal(box.current, { onTyped: () => {}, onAnswer: () => {}, isReadOnly: true });
    shown.current = { terminal, bytes: 0 };
    return () => terminal.dispose();
  }, [track]);
  const printed = printedUntil(track, time);
  useEffect(() => {
    const { terminal, bytes } = shown.current;
    if (!terminal || bytes === printed) return;
    const tail = Math.max(0, printed - tailBytes);
    const continues = bytes < printed && bytes >= tail;
    if (!continues) terminal.write(reset, () => {});
    terminal.write(track.bytes.subarray(continues ? bytes : tail, printed), () => {});
    shown.current.bytes = printed;
  }, [track, printed]);
  return (
    <section className="replay-console" aria-label={label}>
      <h2>{label}</h2>
      {track.bytes.length === 0 && (
        <p className="replay-nothing">
          {track.ends.length > 0 ? "Its output is missing." : "It printed nothing."}
        </p>
      )}
      <div className="replay-terminal" ref={box} />
    </section>
  );
}
