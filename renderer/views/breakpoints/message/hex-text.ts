/** A line fits beside the queue. */
const bytesInLine = 8;

/** Bytes as two digits each, eight in a line. */
export function hexLines(bytes: Uint8Array): string {
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  return Array.from({ length: Math.ceil(bytes.length / bytesInLine) }, (_, line) =>
    digits.slice(line * bytesInLine, (line + 1) * bytesInLine).join(" "),
  ).join("\n");
}

/** The bytes of hexadecimal digits, with any space between them; undefined if a digit is missing or unknown. */
export function bytesOfHex(text: string): Uint8Array | undefined {
  const digits = text.replaceAll(/\s/g, "");
  if (!/^(?:[0-9a-f]{2})*$/i.test(digits)) return undefined;
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16),
  );
}

/** The printable characters of the bytes in a line, a dot for each other one; empty if it has no whole bytes. */
export function charactersOfHex(line: string): string {
  const bytes = bytesOfHex(line) ?? [];
  return Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join(
    "",
  );
}
