/**
 * Gives back the memory of bytes that nobody will look at again, which are empty then. The garbage collector would do
 * that too, but later, and at a cost that shows where much passes through. A part of something larger stays as it is.
 */
export function giveBackMemory(bytes: Uint8Array): void {
  const { buffer } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength) buffer.transfer(0);
}
