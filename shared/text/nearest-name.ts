/**
 * The known name that a mistyped or shortened word most likely means; undefined when none is near.
 * Upper and lower case count as the same.
 */
export function nearestName(word: string, known: readonly string[]): string | undefined {
  const tolerance = Math.max(1, Math.floor(word.length / 3));
  let nearest: string | undefined;
  let nearestDistance = tolerance + 1;
  for (const name of known) {
    if (Math.abs(name.length - word.length) > tolerance) continue;
    const distance = editDistance(word.toLowerCase(), name.toLowerCase());
    if (distance < nearestDistance) [nearest, nearestDistance] = [name, distance];
  }
  return nearest ?? (word === "" ? undefined : known.find((name) => name.startsWith(word)));
}

/** How many letters to insert, delete or replace, or neighbours to swap, to turn one word into the other. */
function editDistance(from: string, to: string): number {
  let before: readonly number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...from].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      const isSwapped = row > 0 && column > 0 && letter === to[column - 1] && other === from[row - 1];
      const swapped = isSwapped ? (before[column - 1] ?? 0) + 1 : replaced;
      current.push(Math.min(replaced, swapped, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    [before, previous] = [previous, current];
  }
  return previous.at(-1) ?? 0;
}
