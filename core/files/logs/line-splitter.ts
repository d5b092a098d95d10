/** A line that a guest never ends is cut after this many characters. */
const maxLineLength = 4096;

/** Cuts a stream of UTF-8 bytes into lines, without their ends, and hands each on as soon as it is whole. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new TextDecoder();
  #rest = "";

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** The beginning of a line whose end has not come yet. */
  get unfinished(): string {
    return this.#rest;
  }

  push(bytes: Uint8Array): void {
    this.#take(this.#decoder.decode(bytes, { stream: true }));
  }

  /** Hands on a last line that has no end. */
  end(): void {
    this.#take(this.#decoder.decode());
    if (this.#rest) this.#onLine(this.#rest);
    this.#rest = "";
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split(/\r*\n/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#onLine(line);
    while (this.#rest.length >= maxLineLength) {
      this.#onLine(this.#rest.slice(0, maxLineLength));
      this.#rest = this.#rest.slice(maxLineLength);
    }
  }
}
