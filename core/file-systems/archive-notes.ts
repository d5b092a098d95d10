import { quoteName } from "../image/image-errors.ts";

interface LeftOut {
  count: number;
  readonly example: string;
}

/** Gathers sentences about an archive; entries that are left out for the same reason share one. */
export class ArchiveNotes {
  readonly #sentences: string[] = [];
  readonly #leftOut = new Map<string, LeftOut>();

  add(sentence: string): void {
    this.#sentences.push(sentence);
  }

  /** @param reason one of few: "its path contains '..'" */
  leaveOut(path: Buffer, reason: string): void {
    const known = this.#leftOut.get(reason);
    if (known) known.count++;
    else this.#leftOut.set(reason, { count: 1, example: quoteName(path.toString()) });
  }

  sentences(): readonly string[] {
    const leftOut = [...this.#leftOut].map(([reason, { count, example }]) =>
      count === 1
        ? `The entry ${example} is not shown: ${reason}.`
        : `${count} entries are not shown. The first is ${example}: ${reason}.`,
    );
    return [...this.#sentences, ...leftOut];
  }
}
