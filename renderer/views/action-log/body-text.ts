/** A body as it can be read. */
export interface ReadableBody {
  readonly kind: "empty" | "json" | "text" | "binary";
  readonly text: string;
}

/** @param isWhole whether these are all of its bytes: only then it can be JSON */
export function readBody(bytes: Uint8Array, isWhole: boolean): ReadableBody {
  if (bytes.length === 0) return { kind: "empty", text: "" };
  const text = decodeText(bytes, isWhole);
  if (text === undefined) return { kind: "binary", text: hexDump(bytes) };
  const json = isWhole ? prettyJson(text) : undefined;
  return json === undefined ? { kind: "text", text } : { kind: "json", text: json };
}

/** Undefined for bytes that are not text. A character that is cut off at the end is ignored. */
function decodeText(bytes: Uint8Array, isWhole: boolean): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: !isWhole });
    // A task's log may have colours and returns; bytes with a zero are not text.
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

function prettyJson(text: string): string | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return undefined;
  }
}

/** Lines of an offset, some bytes, and their printable characters. */
export function hexDump(bytes: Uint8Array, bytesInLine = 16): string {
  return Array.from({ length: Math.ceil(bytes.length / bytesInLine) }, (_, line) => {
    const part = [...bytes.subarray(line * bytesInLine, (line + 1) * bytesInLine)];
    const hex = part.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const shown = part
      .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "."))
      .join("");
    const offset = (line * bytesInLine).toString(16).padStart(6, "0");
    return `${offset}  ${hex.padEnd(bytesInLine * 3 - 1)}  ${shown}`;
  }).join("\n");
}
