import { decodeBase64, encodeBase64 } from "../../../client/base64.ts";
import type { BodyFormat, DraftBody } from "../../../state/breakpoints/held-queue.ts";
import { readBody } from "../../action-log/body-text.ts";
import { bytesOfHex, hexLines } from "./hex-text.ts";

/** The formats in the order of a menu, each with its name. */
export const bodyFormats: readonly (readonly [BodyFormat, string])[] = [
  ["json", "JSON"],
  ["text", "Text"],
  ["hex", "Bytes in hexadecimal"],
  ["base64", "Bytes in base64"],
];

/** The format in which a body is shown first. */
export function usualFormat(bytes: Uint8Array): BodyFormat {
  const { kind } = readBody(bytes, true);
  if (kind === "json") return "json";
  return kind === "binary" ? "hex" : "text";
}

/** The bytes of a body in a format; undefined if they are not text, and so have no such form. */
export function writtenAs(format: BodyFormat, bytes: Uint8Array): string | undefined {
  if (format === "hex") return hexLines(bytes);
  if (format === "base64") return encodeBase64(bytes);
  const text = decodeText(bytes);
  if (format === "text" || text === undefined) return text;
  const { kind, text: shown } = readBody(bytes, true);
  return kind === "json" ? shown : text;
}

/** The bytes that a person has written; undefined if the digits are not valid in the format. */
export function bytesOf({ format, text }: DraftBody): Uint8Array | undefined {
  if (format === "hex") return bytesOfHex(text);
  if (format !== "base64") return new TextEncoder().encode(text);
  const digits = text.replaceAll(/\s/g, "");
  const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(digits);
  return isBase64 ? decodeBase64(digits) : undefined;
}

/** The problem of a body that can't be sent. */
export function bodyIssue(body: DraftBody): string | undefined {
  if (bytesOf(body)) return undefined;
  return body.format === "hex"
    ? "Enter each byte as two digits from 0 to 9 and a to f."
    : "Enter base64: groups of four characters, the last one filled with =.";
}

/** Undefined for bytes that are not UTF-8. */
function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
