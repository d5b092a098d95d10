/** A place where something is to be replaced. */
export interface Found {
  readonly index: number;
  readonly length: number;
  /** Returns the replacement; called each time that one is made. */
  readonly replace: () => string;
}

/** Called at each replacement, with the name of the replaced thing. */
export type OnReplaced = (what: string) => void;

/** One kind of thing that is replaced wherever it occurs, in bytes that are read as Latin-1: so any bytes pass unchanged. */
export interface Replacement {
  /** Finds the next one from a place on. It looks at most one character back, and one ahead of what it finds. */
  readonly find: (text: string, from: number) => Found | undefined;
  /** Nothing that is found is longer. */
  readonly reach: number;
  /** Finds the beginning of one at the end of a text that was cut there. */
  readonly findCut?: (text: string) => Found | undefined;
}

/** Finds matches of a pattern with the flag `g`. */
export function findPattern(
  pattern: RegExp,
  replace: (match: RegExpExecArray) => string,
): Replacement["find"] {
  return (text, from) => {
    pattern.lastIndex = from;
    const match = pattern.exec(text);
    return match ? { index: match.index, length: match[0].length, replace: () => replace(match) } : undefined;
  };
}

/** Replaces in one text that comes in pieces, wherever it was cut into them. */
export interface Replacer {
  /** Takes the next piece, and returns the part that is certain by then. */
  push(piece: string): string;
  /** Returns the rest, and is as new. @param isCut there may have been more of the text */
  end(isCut: boolean): string;
}

export function createReplacer({ find, reach, findCut }: Replacement): Replacer {
  /** One finished character, for looking back, and the text that is not certain yet. */
  let kept = "";
  let lookback = 0;

  const take = (isLast: boolean): { readonly done: string; readonly rest: string } => {
    // A match that begins before this position is complete, and the character after it is there.
    const certain = isLast ? kept.length : Math.max(lookback, kept.length - reach - 1);
    let position = lookback;
    let done = "";
    for (let found = find(kept, position); found && found.index < certain; found = find(kept, position)) {
      done += kept.slice(position, found.index) + found.replace();
      position = found.index + found.length;
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
      const cut = isCut ? findCut?.(rest) : undefined;
      kept = "";
      lookback = 0;
      return done + (cut ? rest.slice(0, cut.index) + cut.replace() : rest);
    },
  };
}

/** Replaces in texts that follow each other, also what is in several of them: its replacement is where it begins. */
export function replaceInPieces(pieces: readonly string[], { find }: Replacement): readonly string[] {
  const text = pieces.join("");
  let found = find(text, 0);
  let position = 0;
  let end = 0;
  return pieces.map((piece) => {
    end += piece.length;
    let done = "";
    while (found && found.index < end) {
      done += text.slice(position, found.index) + found.replace();
      position = found.index + found.length;
      found = find(text, position);
    }
    if (position >= end) return done;
    done += text.slice(position, end);
    position = end;
    return done;
  });
}
