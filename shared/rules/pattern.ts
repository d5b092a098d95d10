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

/** Whether a text is a regular expression that rules can have. */
export function isPattern(text: string): boolean {
  try {
    return compile(text) !== undefined;
  } catch {
    return false;
  }
}

/**
 * Whether a text has a match of a regular expression. It takes time in proportion to the text, whatever the expression, since
 * an imported image set may have hostile ones.
 */
export function hasMatch(text: string, pattern: string): boolean {
  return compile(pattern).matcher(text).find();
}
