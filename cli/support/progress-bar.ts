/** Characters. */
const barLength = 24;

/** @param fraction the part that is done, from 0 to 1 */
export function progressBar(fraction: number): string {
  const filled = Math.round(Math.min(1, fraction) * barLength);
  return `${"█".repeat(filled)}${"░".repeat(barLength - filled)}`;
}
