/** Some bytes of a file, and where in the file they belong. */
export interface FilePiece {
  readonly position: number;
  readonly bytes: Uint8Array;
}
