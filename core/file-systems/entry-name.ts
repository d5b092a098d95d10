const [slash, nul, underscore] = [0x2f, 0, 0x5f];

/**
 * A name of a file that no path can misunderstand: only a damaged or hostile file system has one with `/` or NUL, or one
 * that is empty, `.` or `..`. These bytes become `_`, and an empty name, too.
 */
export function safeName(name: Buffer): Buffer {
  if (name.length === 0) return Buffer.from("_");
  const isDots = name.length <= 2 && name.every((byte) => byte === 0x2e);
  if (!isDots && !name.includes(slash) && !name.includes(nul)) return name;
  return Buffer.from(name.map((byte) => (isDots || byte === slash || byte === nul ? underscore : byte)));
}
