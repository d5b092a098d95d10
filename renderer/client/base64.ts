/** The bytes of a text in base64. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Bytes that are encoded at once: arguments of a function are limited. */
const block = 0x8000;

/** Bytes in base64. Older browsers have no `toBase64`. */
export function encodeBase64(bytes: Uint8Array): string {
  let characters = "";
  for (let start = 0; start < bytes.length; start += block)
    characters += String.fromCharCode(...bytes.subarray(start, start + block));
  return btoa(characters);
}
