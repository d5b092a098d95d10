/** The bytes of a text, each as one character, for replacements. */
export function latin1(text: string): string {
  return Buffer.from(text).toString("latin1");
}

/** The text whose bytes these are. */
export function utf8(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString();
}

/** A pattern that matches a text and nothing else. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
