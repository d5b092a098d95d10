import { createSessionMemory } from "./session-memory.ts";

/** How many colours there are: see --mark-1 and so on in theme.css. */
const markCount = 6;

/** The last one that was given out. */
let last = 0;

const marks = createSessionMemory<number>(() => {
  const taken = new Set(marks.values());
  const inTurn = Array.from({ length: markCount }, (_, count) => ((last + count) % markCount) + 1);
  last = inTurn.find((mark) => !taken.has(mark)) ?? (last % markCount) + 1;
  return last;
});

/**
 * The number, from 1, of the colour that marks all of a session's panels in this window: the colours are given out in
 * turn, so that sessions that are looked at together differ.
 */
export function sessionMark(session: string): number {
  return marks.of(session);
}
