/** Bytes of a file's name, for all usual file systems. */
export const maximumNameBytes = 255;
/** Bytes of a path, for Linux: PATH_MAX without the NUL at its end. */
const maximumPathBytes = 4095;

/** The reason why a text can't be a path on any usual file system; undefined if there is none. */
export function pathIssue(path: string): string | undefined {
  if (path.includes("\0")) return "must not have a NUL character";
  if (byteLength(path) > maximumPathBytes) return `must have at most ${maximumPathBytes} bytes`;
  if (path.split("/").some((part) => byteLength(part) > maximumNameBytes))
    return `must have at most ${maximumNameBytes} bytes between slashes`;
  return undefined;
}

/** Bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}
