import { latin1 } from "./byte-text.ts";
import type { Form, Token } from "./form-matcher.ts";

/** The shortest line, in characters, of a value of several lines that is searched for by itself. */
const shortestLine = 16;
/** The shortest value, in bytes, that is also searched for in base64. */
const shortestInBase64 = 6;

/**
 * The forms in which a value is looked for: as text, whose characters may each be written as they are or as JSON, addresses,
 * shells and terminals write them; in hexadecimal digits; and in base64, also amid other bytes.
 */
export function encodedForms(value: string): readonly Form[] {
  // A line break at its end is often left out.
  const text = value.trimEnd();
  const bytes = Buffer.from(text);
  const lines = text.split(/\r?\n/);
  return [
    textForm(text),
    ...(lines.length > 1 ? lines.filter((line) => line.length >= shortestLine).map(textForm) : []),
    [...bytes].map(inHexadecimal),
    ...(bytes.length >= shortestInBase64 ? [0, 1, 2].map((offset) => base64Form(bytes, offset)) : []),
  ];
}

function textForm(text: string): Form {
  return Array.from(text.replaceAll("\r\n", "\n"), characterToken);
}

const tokens = new Map<string, Token>();

/** All encodings of a character; the same object for the same character. */
function characterToken(character: string): Token {
  const known = tokens.get(character);
  if (known) return known;
  const plain = [...inText(character), ...inAddresses(character)];
  const escaped = escapes(character);
  // A text in JSON may contain JSON, or a shell's output.
  const nested = [...plain, ...escaped].map(inJson);
  const token = [...new Set([...plain, ...escaped, ...nested])];
  tokens.set(character, token);
  return token;
}

function inText(character: string): readonly string[] {
  // A terminal breaks lines with both.
  return character === "\n" ? ["\n", "\r\n"] : [latin1(character)];
}

/** Percent-encoded, as a whole or in part; a form has a plus for a space. */
function inAddresses(character: string): readonly string[] {
  const encoded = inText(character).map((text) => perByte(text, (byte) => `%${hexadecimal(byte)}`));
  return [...bothCases(encoded), ...(character === " " ? ["+"] : [])];
}

/** The letters that stand for control characters behind a backslash, in JSON or a shell's `$'...'`. */
const escapeLetters: Readonly<Record<string, readonly string[]>> = {
  "\0": ["0"],
  "\x07": ["a"],
  "\b": ["b"],
  "\t": ["t"],
  "\n": ["n", "r\\n"],
  "\v": ["v"],
  "\f": ["f"],
  "\r": ["r"],
  "\x1b": ["e", "E"],
};

/** With backslashes, as JSON, JavaScript, Python and shells write it. */
function escapes(character: string): readonly string[] {
  const bytes = latin1(character);
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return [
    ...(escapeLetters[character] ?? []).map((letter) => `\\${letter}`),
    ...(/^[\x20-\x7e]$/.test(character) && !/\w/.test(character) ? [`\\${character}`] : []),
    ...bothCases([units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("")]),
    ...bothCases([perByte(bytes, (byte) => `\\x${hexadecimal(byte)}`)]),
    perByte(bytes, (byte) => `\\${byte.toString(8).padStart(3, "0")}`),
    // A shell leaves its single quotes for one.
    ...(character === "'" ? ["'\\''", `'"'"'`] : []),
  ];
}

function inJson(text: string): string {
  return latin1(JSON.stringify(Buffer.from(text, "latin1").toString()).slice(1, -1));
}

function perByte(bytes: string, encode: (byte: number) => string): string {
  return [...Buffer.from(bytes, "latin1")].map(encode).join("");
}

function hexadecimal(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

/** With the letters of its hexadecimal digits small, and large. */
function bothCases(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => [text, text.replaceAll(/[a-f]/g, (letter) => letter.toUpperCase())]);
}

function inHexadecimal(byte: number): Token {
  return bothCases([hexadecimal(byte)]);
}

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const bitsPerDigit = 6;

/** @param offset how many bytes of a group of three are before the value: they decide what its first digit may be */
function base64Form(bytes: Buffer, offset: number): Form {
  const start = offset * 8;
  const end = start + bytes.length * 8;
  const bit = (at: number) => ((bytes[(at - start) >> 3] ?? 0) >> (7 - ((at - start) & 7))) & 1;
  const digitAt = (first: number): Token => {
    const isPossible = (digit: number) => {
      for (let at = Math.max(first, start); at < Math.min(first + bitsPerDigit, end); at += 1)
        if (((digit >> (first + bitsPerDigit - 1 - at)) & 1) !== bit(at)) return false;
      return true;
    };
    return [...base64Digits].flatMap((digit, number) => (isPossible(number) ? digitForms(digit) : []));
  };
  const form: Token[] = [];
  for (let first = start - (start % bitsPerDigit); first < end; first += bitsPerDigit)
    form.push(digitAt(first));
  return form;
}

/** Long base64 is broken into lines; that of addresses has other digits, or is percent-encoded. */
function digitForms(digit: string): readonly string[] {
  const forms = { "+": ["+", "-", "%2B", "%2b"], "/": ["/", "_", "%2F", "%2f", "\\/"] }[digit] ?? [digit];
  return forms.flatMap((form) => ["", "\n", "\r\n", "\\n", "\\r\\n"].map((lineBreak) => lineBreak + form));
}
