import type { StepWait } from "../../../shared/recorder/recorded-step.ts";
import type { ConsoleTrack, WaitWindow } from "./console-track.ts";
import { proposeWaits } from "./propose-waits.ts";

/** The waits before an input, on one console. */
interface WaitChoice {
  /** The texts that are waited for one after another; the last is the one after which the person acted. */
  readonly waits: readonly StepWait[];
  /** Other last texts that would be right. */
  readonly alternatives: readonly StepWait[];
  /** Whether the console showed anything new. */
  readonly hasNew: boolean;
}

const keptAlternatives = 8;
/** So many texts of the prompt are tried behind another text: each takes time. */
const mostBehind = 2;
/** As many prompts came of lines that were typed ahead. */
const mostRepeats = 4;

/**
 * Finds waits that are right in the whole recording: a text that only comes when the guest is ready; else two in a row, such as the
 * last line of the output and then the prompt; else as many prompts as there were.
 *
 * @param wanted the text that a person has chosen: it is the last one in any case
 */
export async function chooseWaits(
  track: ConsoleTrack,
  window: WaitWindow,
  wanted?: StepWait,
): Promise<WaitChoice> {
  const lines = await track.readUntil(window.until);
  const { prompt, above, before } = proposeWaits(lines);
  const alone = (waits: readonly StepWait[]) => waits.map((wait) => [wait]);
  const sequences: readonly (readonly StepWait[])[] = [
    ...alone(wanted === undefined ? prompt : [wanted, ...prompt]),
    ...(wanted === undefined ? prompt.slice(0, mostBehind) : [wanted]).flatMap((last) =>
      behind(last, before),
    ),
    ...alone(above),
  ];
  const matches = await track.tryEach(sequences, window);
  const fit = sequences.filter((_, index) => matches[index]?.isEarly === false);
  const chosen = wanted === undefined ? fit[0] : (fit.find((waits) => waits.at(-1) === wanted) ?? [wanted]);
  const lasts = new Set(fit.flatMap((waits) => waits.at(-1) ?? []));
  const alternatives = [...lasts].filter((one) => one !== chosen?.at(-1)).slice(0, keptAlternatives);
  return { waits: chosen ?? [], alternatives, hasNew: lines.length > 0 };
}

/** The sequences of several waits that end with a text. */
function behind(last: StepWait, before: readonly StepWait[]): readonly (readonly StepWait[])[] {
  const repeats = Array.from({ length: mostRepeats - 1 }, (_, more) => Array<StepWait>(more + 2).fill(last));
  return [...before.filter((one) => one !== last).map((one) => [one, last]), ...repeats];
}
