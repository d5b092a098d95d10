/** A value is looked for wherever it may be from so many bytes on: shorter ones, as "on", would be found everywhere. */
export const shortestValue = 4;
/** Of a value of several lines, lines from so many characters on are looked for each by itself. */
const shortestLine = 16;
/** From so many bytes on a value is looked for in base64, too. */
const shortestInBase64 = 6;

/** The forms in which a value may be met: as it is, and as it is written in JSON, in addresses, on terminals, in base64. */
export function valueForms(value: string): ReadonlySet<string> {
  // A line break at its end is often left out.
  const text = value.trimEnd();
  return new Set(Buffer.byteLength(text) < shortestValue ? [value] : formsOf(text));
}

function formsOf(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const lines = text.split(/\r?\n/);
  return [
    text,
    lines.join("\r\n"),
    ...(lines.length > 1 ? lines.filter((line) => line.length >= shortestLine) : []),
    json,
    // As Go writes JSON.
    json.replaceAll(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`),
    encodeURIComponent(text.toWellFormed()),
    new URLSearchParams({ "": text }).toString().slice(1),
    ...(Buffer.byteLength(text) >= shortestInBase64 ? base64Forms(Buffer.from(text)) : []),
  ];
}

/** On its own, and with more behind it. */
function base64Forms(bytes: Buffer): readonly string[] {
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 3));
  return [
    bytes.toString("base64").replaceAll("=", ""),
    whole.toString("base64"),
    bytes.toString("base64url"),
  ];
}
