/** One thing that is wrong in a text that a person wrote, and the part of it that this is about. */
export interface TextIssue {
  /** In UTF-16 code units from the text's beginning. */
  readonly from: number;
  readonly to: number;
  /** The problem, and the right form. */
  readonly message: string;
}

const word = /"(?:[^"\\\n]|\\.)*"|[\w./+-]+|[^\n]/y;

/** The part of a text that begins at a position, as far as a person would point at it: a word, a quoted text, a mark. */
export function wordAt(text: string, position: number): Pick<TextIssue, "from" | "to"> {
  word.lastIndex = position;
  return { from: position, to: position + (word.exec(text)?.[0].length ?? 0) };
}
