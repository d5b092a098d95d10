/** A backslash, and characters that a terminal would obey or that would hide others. */
const escaped = /[\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The name of a file, which may be any bytes, as a text that gives the same bytes again: bytes that are not UTF-8, and characters
 * that a terminal would obey or that would hide others, are `\xff`; a backslash is `\\`.
 */
export function showRawName(name: Uint8Array): string {
  const text = decode(name);
  // Nearly all names are such, and a large image has hundreds of thousands.
  if (text !== undefined && !escaped.test(text)) return text;
  let shown = "";
  for (let at = 0; at < name.length; ) {
    const length = sequenceLength(name[at] as number);
    const bytes = name.subarray(at, at + length);
    shown += showCharacter(bytes) ?? showByte(bytes[0] as number);
    at += isCharacter(bytes) ? length : 1;
  }
  return shown;
}

/** The bytes of a name that `showRawName` gave, or a person typed. */
export function parseRawName(text: string): Buffer {
  if (!text.includes("\\")) return Buffer.from(text);
  const parts = text.split(/(\\x[\da-f]{2}|\\\\)/i);
  return Buffer.concat(
    parts.map((part, index) => {
      if (index % 2 === 0) return Buffer.from(part);
      return part === "\\\\" ? Buffer.from("\\") : Buffer.from(part.slice(2), "hex");
    }),
  );
}

/**
 * A text for the place of a path, as `showRawName` shows its names, among others: the order of these texts is that of the names as
 * bytes, and a folder is directly before its content.
 */
export function placeInOrder(path: string): string {
  return parseRawName(path).toString("latin1").replaceAll("/", "\0");
}

function showCharacter(bytes: Uint8Array): string | undefined {
  const character = decode(bytes);
  if (character === undefined) return undefined;
  if (character === "\\") return "\\\\";
  return escaped.test(character) ? [...bytes].map(showByte).join("") : character;
}

function showByte(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}

function isCharacter(bytes: Uint8Array): boolean {
  return decode(bytes) !== undefined;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Bytes of the UTF-8 sequence that begins with a byte. */
function sequenceLength(first: number): number {
  if (first < 0xc0) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}
