/** One kind of thing that is replaced wherever it occurs. */
export interface Replacement {
  /**
   * Finds it, with the flags `g` and, where wanted, `i`, in bytes that are read as Latin-1: so that any bytes pass
   * unchanged. It looks at most one character back and one ahead.
   */
  readonly pattern: RegExp;
  /** No match is longer, in bytes. */
  readonly reach: number;
  /** What takes its place. */
  readonly replace: (match: RegExpExecArray) => string;
  /** What takes the place of the end of a text that was cut within a match: how many characters, and what. */
  readonly replaceCut?: (text: string) => { readonly length: number; readonly by: string } | undefined;
}

/** Replaces in one text that comes in pieces, wherever it was cut into them. */
export interface Replacer {
  /** Takes the next piece, and returns what is certain by then. */
  push(piece: string): string;
  /** Returns the rest, and is as new. @param isCut there may have been more of the text */
  end(isCut: boolean): string;
}

export function createReplacer({ pattern, reach, replace, replaceCut }: Replacement): Replacer {
  /** One character that is done, for the pattern to look back at, and what is not certain yet. */
  let kept = "";
  let lookback = 0;

  const take = (isLast: boolean): { readonly done: string; readonly rest: string } => {
    // What a match that begins before this may have, and the character behind it, is there.
    const certain = isLast ? kept.length : Math.max(lookback, kept.length - reach - 1);
    let position = lookback;
    let done = "";
    pattern.lastIndex = position;
    for (let match = pattern.exec(kept); match && match.index < certain; match = pattern.exec(kept)) {
      done += kept.slice(position, match.index) + replace(match);
      position = match.index + match[0].length;
    }
    if (isLast) return { done, rest: kept.slice(position) };
    const end = Math.max(position, certain);
    done += kept.slice(position, end);
    const start = Math.max(0, end - 1);
    lookback = end - start;
    kept = kept.slice(start);
    return { done, rest: "" };
  };

  return {
    push: (piece) => {
      kept += piece;
      return take(false).done;
    },
    end: (isCut) => {
      const { done, rest } = take(true);
      const cut = isCut ? replaceCut?.(rest) : undefined;
      kept = "";
      lookback = 0;
      return done + (cut ? rest.slice(0, rest.length - cut.length) + cut.by : rest);
    },
  };
}
