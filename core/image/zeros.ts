/** Whether all bytes from `start` to `end` are zero. */
export function isZero(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  if (start === end) return true;
  // The first byte is zero, and each byte equals the next one: one call of the C library's memcmp.
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return buffer[start] === 0 && buffer.compare(buffer, start, end - 1, start + 1, end) === 0;
}
