/** One condition of a filter, as it was typed. */
export interface Term {
  /** The typed characters, such as `-status:>=400`. */
  readonly source: string;
  /** Whether it picks what does not fit it. */
  readonly isNegated: boolean;
  /** The word before the colon, in lower case; absent for a text. */
  readonly word?: string;
  readonly value: string;
  /** Whether a quote is open at its end. */
  readonly isUnclosed: boolean;
}

/**
 * Splits the text of a filter into its terms: `word:value`, or a text, each also with `-` before it. A part in double
 * quotes may have spaces; in it, a backslash comes before a quote or a backslash that is meant as such.
 */
export function splitTerms(text: string): readonly Term[] {
  const terms: Term[] = [];
  for (let start = 0; start < text.length; ) {
    if (isSpace(text[start])) start += 1;
    else {
      const { term, end } = readTerm(text, start);
      terms.push(term);
      start = end;
    }
  }
  return terms;
}

function readTerm(text: string, start: number): { readonly term: Term; readonly end: number } {
  const isNegated = text[start] === "-" && start + 1 < text.length && !isSpace(text[start + 1]);
  let word: string | undefined;
  let value = "";
  let isQuoted = false;
  let hasQuotes = false;
  let end = isNegated ? start + 1 : start;
  for (; end < text.length; end++) {
    const character = text[end] ?? "";
    if (!isQuoted && isSpace(character)) break;
    if (character === '"') {
      isQuoted = !isQuoted;
      hasQuotes = true;
    } else if (isQuoted && character === "\\" && /["\\]/.test(text[end + 1] ?? "")) {
      end += 1;
      value += text[end];
    } else if (character === ":" && !hasQuotes && word === undefined && /^[a-z]+$/i.test(value)) {
      word = value.toLowerCase();
      value = "";
    } else value += character;
  }
  const source = text.slice(start, end);
  const term = { source, isNegated, value, isUnclosed: isQuoted, ...(word !== undefined && { word }) };
  return { term, end };
}

function isSpace(character: string | undefined): boolean {
  return character !== undefined && /\s/.test(character);
}
