import type { StepWait } from "../../../shared/recorder/recorded-step.ts";

/** A line that has less in common with a text is not shown as similar. */
const similar = 0.3;

/** The line that is most like a text that did not come; undefined when none is. */
export function bestSimilarity(wait: StepWait, lines: readonly string[]): string | undefined {
  const wanted = pairsOf(typeof wait === "string" ? wait : wait.match);
  let best = { line: undefined as string | undefined, part: similar };
  for (const line of new Set(lines.map((line) => line.trim()))) {
    const pairs = pairsOf(line);
    const common = [...wanted].filter((pair) => pairs.has(pair)).length;
    // The text is a part of its line: what the line has besides counts less.
    const part = common / (wanted.size + 0.1 * pairs.size || 1);
    if (part > best.part) best = { line, part };
  }
  return best.line;
}

/** Each two characters beside each other. */
function pairsOf(text: string): ReadonlySet<string> {
  return new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2)));
}
