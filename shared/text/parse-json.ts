/** The value of a JSON text that a program wrote; undefined for a text that is not JSON. See `readJson` for a person's. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
