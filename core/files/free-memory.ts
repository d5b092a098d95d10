/**
 * Frees the memory of bytes that are no longer used, which are empty then. The garbage collector would do it too, but
 * knows little of memory that native code allocated, and comes hundreds of megabytes too late.
 */
export function freeMemory({ buffer, byteLength }: Uint8Array): void {
  // Small buffers share their memory with others.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
