import { RE2JS } from "re2js";

/** Expressions by their texts: compiling a large one takes as long as searching much text. */
const compiled = new Map<string, RE2JS>();

/** So many are kept: windows check more than one session's rules. */
const mostCompiled = 1_000;

function compile(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known) return known;
  if (compiled.size >= mostCompiled) compiled.clear();
  const made = RE2JS.compile(pattern);
  compiled.set(pattern, made);
  return made;
}

/** The reason why a text is not a regular expression of RE2; undefined if it is one. */
export function patternIssue(text: string): string | undefined {
  try {
    compile(text);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return reason.replace(/^error parsing regexp: /, "");
  }
}

/**
 * Whether a text has a match of a regular expression. It takes time in proportion to the text, whatever the expression, since
 * an imported image set may have hostile ones.
 */
export function hasMatch(text: string, pattern: string): boolean {
  return compile(pattern).matcher(text).find();
}

/** All matches of a regular expression in a text, one behind the other, in the same time. */
export function* matchesIn(
  text: string,
  pattern: string,
): Generator<{ readonly index: number; readonly length: number }, void, void> {
  const matcher = compile(pattern).matcher(text);
  while (matcher.find()) yield { index: matcher.start(), length: matcher.end() - matcher.start() };
}
