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

/** Levenshtein distance: how many letters to insert, delete or replace to turn one word into the other. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...from].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
