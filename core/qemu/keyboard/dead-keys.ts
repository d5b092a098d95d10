/** The characters that dead keys give with a space, by their combining marks. */
const spacingMarks: Readonly<Record<string, string>> = {
  "\u0300": "`",
  "\u0301": "´",
  "\u0302": "^",
  "\u0303": "~",
  "\u0308": "¨",
  "\u030a": "°",
  "\u0327": "¸",
};

/**
 * The character that a guest makes of a dead key and the next one; undefined if there is none.
 *
 * @param mark the dead key's combining mark
 */
export function composeCharacter(mark: string, next: string): string | undefined {
  const composed = next === " " ? spacingMarks[mark] : (next + mark).normalize("NFC");
  return composed?.length === 1 ? composed : undefined;
}

/** Whether a symbol's text is the combining mark of a dead key. */
export function isMark(text: string): boolean {
  return /\p{M}/u.test(text);
}
