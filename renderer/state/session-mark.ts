/** How many colours there are: see --mark-1 and so on in theme.css. */
const markCount = 6;

const marks = new Map<string, number>();

/**
 * The number, from 1, of the colour that marks all of a session's panels in this window: the colours are given out in
 * turn, so that sessions that are looked at together differ.
 */
export function sessionMark(session: string): number {
  const mark = marks.get(session) ?? (marks.size % markCount) + 1;
  marks.set(session, mark);
  return mark;
}
