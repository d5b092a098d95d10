/** Stands in a log for a secret. */
export const secretMark = "[secret]";

/** Leaves secrets out of output that comes in pieces. */
export interface SecretFilter {
  /** @returns the output that is sure to hold no part of a secret; the rest comes with the next piece */
  push(bytes: Buffer): Buffer;
  /** @returns the rest */
  end(): Buffer;
}

/** A terminal that is too narrow breaks a line anywhere. */
const lineBreaks = "[\\r\\n]*";

/** Replaces secrets in a text. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets.filter(Boolean).reduce((hidden, secret) => hidden.replaceAll(secret, secretMark), text);
}

export function createSecretFilter(secrets: readonly string[]): SecretFilter {
  // One character for each byte: output may be in any encoding, and cut anywhere.
  const all = secrets.filter(Boolean).map((secret) => [...Buffer.from(secret).toString("latin1")]);
  if (all.length === 0) return { push: (bytes) => bytes, end: () => Buffer.alloc(0) };
  const whole = new RegExp(
    all.map((characters) => characters.map(escapeByte).join(lineBreaks)).join("|"),
    "g",
  );
  const begun = new RegExp(`(?:${all.map(beginningOf).join("|")})$`);
  let held = "";
  const encode = (text: string) => Buffer.from(text, "latin1");
  return {
    push: (bytes) => {
      const text = (held + bytes.toString("latin1")).replaceAll(whole, secretMark);
      const rest = begun.exec(text);
      held = rest?.[0] ?? "";
      return encode(text.slice(0, text.length - held.length));
    },
    end: () => {
      const rest = encode(held);
      held = "";
      return rest;
    },
  };
}

/** A pattern for each beginning of a secret, the longest first. */
function beginningOf(characters: readonly string[]): string {
  return characters
    .slice(0, -1)
    .reduceRight((rest, character) => `${escapeByte(character)}${rest && `${lineBreaks}(?:${rest})?`}`, "");
}

function escapeByte(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
