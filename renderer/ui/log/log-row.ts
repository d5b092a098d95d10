/** The place of a row in the log, and the text that is marked in it. */
export interface LogRowPlace {
  /** From the first row of the log, which may be dropped. */
  readonly number: number;
  /** Pixels from the top of the list. */
  readonly top: number;
  /** Text to be marked. */
  readonly sought: string;
  /** The column of the mark that is the current one. */
  readonly current: number | undefined;
}

/** The attributes that put a row, of the class `log-row`, into its place. */
export function placeRow({ number, top }: LogRowPlace) {
  return { "data-row": number, style: { translate: `0 ${top}px` } };
}
