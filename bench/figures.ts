/**
 * How far a figure may be from its bar: not at all, or twice. `BENCH_BARS=doubled` is for a busy machine, such as CI's: it
 * finds collapse, not noise.
 */
const slack = process.env.BENCH_BARS === "doubled" ? 2 : 1;

/** A bar that a figure may not exceed, or has to reach. */
export type BarKind = "at least" | "at most";

/** The value below which a part of the values lie: 0.99 for what one in a hundred exceeds. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** A figure beside its bar. One that misses it fails the bench: its exit status will be 1. */
export function judged(value: number, bar: number, kind: BarKind, digits = 2): string {
  const allowed = kind === "at most" ? bar * slack : bar / slack;
  const missed = kind === "at least" ? value < allowed : value > allowed;
  if (missed) process.exitCode = 1;
  return `${value.toFixed(digits)} of ${kind} ${allowed}${missed ? " MISSED" : ""}`;
}

/** The same figure of ours and of the reference. */
export interface Pair {
  readonly ours: number;
  readonly reference: number;
}

/**
 * Measures both sides in turns, so that a busy minute of the machine costs both the same. Which side is first changes from
 * pair to pair.
 */
export async function interleavedPairs(
  count: number,
  ours: () => Promise<number>,
  reference: () => Promise<number>,
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let round = 0; round < count; round++) {
    const first = round % 2 === 0 ? await ours() : undefined;
    const other = await reference();
    pairs.push({ ours: first ?? (await ours()), reference: other });
  }
  return pairs;
}

/** The median of the pairs' ratios beside its bar, then all of the ratios. */
export function judgedPairs(pairs: readonly Pair[], bar: number, kind: BarKind): string {
  const ratios = pairs.map(({ ours, reference }) => ours / reference);
  const all = ratios.map((ratio) => ratio.toFixed(2)).join(" ");
  return `${judged(median(ratios), bar, kind)} (${all})`;
}
