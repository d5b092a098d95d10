import type { ConsoleReader } from "./console-reader.ts";

/** A console into which lines are typed. */
interface LineConsole {
  readonly reader: Pick<ConsoleReader, "expectEcho" | "typed" | "shownEcho">;
  /** Types a text. */
  readonly send: (text: string, signal: AbortSignal) => Promise<void>;
  /** Waits until a condition holds. @returns false when it does not hold in time */
  readonly until: (holds: () => boolean, seconds: number, signal: AbortSignal) => Promise<boolean>;
}

/** As terminals send it. */
export const returnKey = "\r";
/** Ctrl+U: terminals and shells erase the line that is being typed. */
export const eraseLine = "\x15";
/** Backspace: they erase its last character. */
export const eraseCharacter = "\x7f";

/** The echo of a line comes within hundredths of a second, unless the guest is busy, or hides what is typed. Seconds. */
const echoSeconds = 2;
/** A guest that gets no processor may show the last keys so much later, and repeat a key that is up already. Seconds. */
const settleSeconds = 0.7;
/** The first and the last time the line is typed as a whole. */
const attempts = 4;
/** A group that does not come right is typed so often, each time with fewer characters. */
const futileGroups = 5;
/** The keys of so many characters are waiting for the guest at most: its keyboard holds no more. */
const longestGroup = 8;
/** A guest repeats a key a few times at most. */
const mostRepeats = 4;
/** A console that changes so often while nothing is typed shows something else. */
const watchedChanges = 200;

/**
 * Types a line. A guest that just begins to read may lose keys, and one that gets no processor for a quarter of a
 * second repeats a key although it is up: a line whose echo is wrong is erased, and typed again in groups, each when the one before
 * has its echo.
 *
 * @returns the text that the console shows for a line that has no right echo; empty for one that has
 * @throws the signal's reason when it aborts
 */
export async function typeLine(
  { reader, send, until }: LineConsole,
  line: string,
  signal: AbortSignal,
): Promise<string> {
  const isShown = () => {
    const { right, wrong } = reader.typed();
    return right === line.length && wrong === 0;
  };
  const isNothing = () => {
    const { right, wrong } = reader.typed();
    return right + wrong === 0;
  };
  /** Waits until a condition holds, or the console shows nothing else of the line for so long. */
  const untilQuiet = async (holds: () => boolean, seconds: number): Promise<void> => {
    for (let changes = 0; changes < watchedChanges && !holds(); changes += 1) {
      const before = JSON.stringify(reader.typed());
      const hasChanged = () => JSON.stringify(reader.typed()) !== before;
      if (!(await until(() => holds() || hasChanged(), seconds, signal))) return;
    }
  };
  const erase = async () => {
    await send(eraseLine, signal);
    await untilQuiet(isNothing, settleSeconds);
    const { right, wrong } = reader.typed();
    if (right + wrong === 0) return;
    await send(eraseCharacter.repeat(Math.min(right + wrong, mostRepeats * line.length)), signal);
    await untilQuiet(isNothing, settleSeconds);
  };
  /** @returns whether the console shows the line */
  const typeAtOnce = async (): Promise<boolean> => {
    await send(line, signal);
    await untilQuiet(isShown, echoSeconds);
    return isShown();
  };
  /** @returns the same */
  const typeInGroups = async (): Promise<boolean> => {
    let length = longestGroup;
    let best = 0;
    for (let futile = 0; futile < futileGroups; ) {
      const { right, wrong } = reader.typed();
      if (isShown()) {
        // The last key may still be repeated.
        await until(() => !isShown(), settleSeconds, signal);
        if (isShown()) return true;
      } else if (wrong > mostRepeats * longestGroup) return false;
      else if (wrong > 0) {
        await send(eraseCharacter.repeat(wrong), signal);
        await untilQuiet(() => false, settleSeconds);
        length = Math.max(1, Math.floor(length / 2));
      } else {
        const group = groupOf(line.slice(right), length);
        await send(group, signal);
        const isTyped = () => reader.typed().right >= right + group.length && reader.typed().wrong === 0;
        await untilQuiet(isTyped, settleSeconds);
        if (isTyped()) length = Math.min(longestGroup, 2 * length);
      }
      futile = reader.typed().right > best ? 0 : futile + 1;
      best = Math.max(best, reader.typed().right);
    }
    return false;
  };

  let isEchoed = false;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    reader.expectEcho(line);
    const isInGroups = isEchoed && attempt < attempts;
    if (await (isInGroups ? typeInGroups() : typeAtOnce())) return "";
    // A guest that hides what is typed, as a password, shows nothing however often it is typed.
    if (attempt > 1 && !isInGroups && isNothing()) break;
    isEchoed ||= !isNothing();
    if (attempt < attempts) await erase();
  }
  return reader.shownEcho();
}

/** The beginning of a text. It ends in no space, since screens don't show whether that was typed. */
function groupOf(text: string, length: number): string {
  const [, more = ""] = /^(\s+\S?)/.exec(text.slice(length - 1)) ?? [];
  return text.slice(0, Math.max(length, length - 1 + more.length));
}
