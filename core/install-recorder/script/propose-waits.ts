import type { StepWait } from "../../../shared/recorder/recorded-step.ts";

/** So many lines are looked at, from the last one. */
const searchedLines = 6;
const maximumWords = 6;
/** So many texts of the last line are tried, and of those above it: each takes time. */
const mostOfLine = 30;
const mostOfOthers = 30;
/** The end of a prompt is better than its beginning, as long as it has not more words. */
const preferredWords = 3;
/** A wait is read by people: characters. */
const longestWait = 60;
/** Shorter texts are in many lines. Letters. */
const fewestLetters = 3;

/** Texts that differ from one installation to the next: numbers and times, and paths. */
const isFleeting = /\d|\ufffd|(?:^|[\s"'(=:])[~.]{0,2}\/\S|\w\/\w+\/|:\/\//;
const promptSign = /^[#$%>]$/;

/** Texts that a recipe could wait for, the best ones first. */
interface WaitProposals {
  /** Those of the last line, which usually is a prompt. */
  readonly prompt: readonly StepWait[];
  /** Those of the lines above it. */
  readonly above: readonly StepWait[];
  /** The best one of each line above it, for a wait before that for the prompt. */
  readonly before: readonly StepWait[];
}

/**
 * Texts that a recipe could wait for: of the last line, best with its end; as a pattern, if it has only numbers and paths; and of
 * the lines above it. They have few words, and no numbers, times and paths.
 *
 * @param lines those with new text
 */
export function proposeWaits(lines: readonly string[]): WaitProposals {
  const [prompt = "", ...others] = lines.slice(-searchedLines).toReversed();
  const own = waitsOf(prompt);
  const above = [...new Set(others.flatMap(waitsOf))].filter((wait) => !own.includes(wait));
  return {
    prompt: [...own.slice(0, mostOfLine), ...patternsOf(prompt)],
    above: above.slice(0, mostOfOthers),
    before: [...new Set(others.flatMap((line) => waitsOf(line).slice(0, 1)))],
  };
}

function waitsOf(line: string): readonly string[] {
  const words = [...line.matchAll(/\S+/g)];
  const textAt = (start: number, count: number): string => {
    const [first, last] = [words[start], words[start + count - 1]];
    if (!first || !last) return "";
    const text = line.slice(first.index, last.index + last[0].length);
    // A prompt is waited for with the space behind it: it is complete then.
    const isSign = count === 1 && promptSign.test(text) && line[last.index + 1] === " ";
    return isSign ? `${text} ` : isFit(text) ? text : "";
  };
  const counts = Array.from({ length: Math.min(maximumWords, words.length) }, (_, index) => index + 1);
  const ends = counts.map((count) => textAt(words.length - count, count));
  const others = counts.flatMap((count) =>
    Array.from({ length: words.length - count }, (_, start) => textAt(start, count)),
  );
  return [...ends.slice(0, preferredWords), ...others, ...ends.slice(preferredWords)].filter(Boolean);
}

function isFit(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  // That is the end of an installation, for a recipe.
  if (text === "power-off") return false;
  return letters >= fewestLetters && text.length <= longestWait && !isFleeting.test(text);
}

/** The line with its numbers and paths replaced by what matches any. */
function patternsOf(line: string): readonly StepWait[] {
  const text = line.trimEnd();
  if (text === "" || text.length > 2 * longestWait || text.includes("\ufffd")) return [];
  const source = text
    .replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&")
    .replaceAll(/\d+/g, "\\d+")
    .replaceAll(/(?:~|\.{0,2})(?:\\\/[^\s"'()]*)+/g, "\\S+");
  const prompt = line.length > text.length ? " " : "";
  return [{ match: `${source}${prompt}` }, { match: `\\n${source}${prompt}` }];
}
