const letters: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * A name, such as a file's, for people: a character that a terminal would obey, or that would hide or reorder others,
 * is an escape, such as `\n` or `\x1b`.
 */
export function escapeName(name: string): string {
  return name.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escapeCharacter);
}

/** As `escapeName`, for a text of several lines: line breaks and tabs stay. */
export function escapeText(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16).padStart(2, "0");
  return letters[character] ?? (code < 0x100 ? `\\x${digits}` : `\\u{${digits}}`);
}
