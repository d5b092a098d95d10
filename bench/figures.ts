/** The value below which a part of the values lie: 0.99 for what one in a hundred exceeds. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** A figure beside its bar, which it has to reach, or may not exceed. */
export function judged(value: number, bar: number, kind: "at least" | "at most", digits = 2): string {
  const missed = kind === "at least" ? value < bar : value > bar;
  return `${value.toFixed(digits)} of ${kind} ${bar}${missed ? " MISSED" : ""}`;
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
