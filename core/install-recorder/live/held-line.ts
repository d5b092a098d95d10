import { compact } from "../script/shown-text.ts";
import { isReturn, lineOf, type Stroke } from "../script/strokes.ts";

/** A guest echoes within hundredths of a second, unless it is busy. Seconds of its time. */
export const echoSeconds = 2;
/** The echo of so many characters is found by chance only seldom. */
const certainLength = 4;
/** So many characters that came behind the typed ones are looked at. */
const searchedCharacters = 64 * 1024;

/** A line that is being typed, or that waits for its echo. */
export interface HeldLine<Input> {
  /** When it was begun, in seconds. */
  readonly start: number;
  readonly inputs: readonly Input[];
  /** When it was sent by Return. */
  sent(): number | undefined;
  /** The line as it was sent, or is until now; with other keys left out. */
  line(): string;
  type(input: Input, strokes: readonly Stroke[], time: number): void;
  /** Takes what the guest has shown since. */
  show(visible: string): void;
  /** Whether nothing in it could be a secret: keys of the cursor, a choice such as y, or what the guest has shown already. */
  isHarmless(): boolean;
}

export function createHeldLine<Input>(start: number): HeldLine<Input> {
  const inputs: Input[] = [];
  const strokes: Stroke[] = [];
  let sent: number | undefined;
  let shown = "";
  const line = () => {
    const typed = strokes.filter((stroke) => lineOf([stroke]) !== undefined);
    return lineOf(typed) ?? "";
  };
  return {
    start,
    inputs,
    sent: () => sent,
    line,
    type: (input, keys, time) => {
      inputs.push(input);
      strokes.push(...keys.filter((key) => !isReturn(key)));
      if (keys.some(isReturn)) sent = time;
    },
    show: (visible) => {
      shown = (shown + visible).slice(-searchedCharacters);
    },
    isHarmless: () => {
      const text = compact(line());
      if (text === "") return true;
      if (sent === undefined) return text.length >= certainLength && shown.includes(text);
      return isMereChoice(line()) || isEchoed(text, shown);
    },
  };
}

function isMereChoice(line: string): boolean {
  return /^(?:.|yes|no|\d{1,2})?$/i.test(line.trim());
}

/** Whether a guest has echoed at least half of a line, so that it is not a secret: kernel messages may have interrupted the rest. */
function isEchoed(line: string, shown: string): boolean {
  if (shown.includes(line)) return true;
  if (line.length < 2 * certainLength) return false;
  const parts = Array.from({ length: line.length - certainLength + 1 }, (_, at) =>
    line.slice(at, at + certainLength),
  );
  return parts.filter((part) => shown.includes(part)).length * 2 >= parts.length;
}
