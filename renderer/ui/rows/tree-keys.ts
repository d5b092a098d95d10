/** A line of a tree, as far as keys need it. */
export interface TreeLine {
  /** From 0. */
  readonly depth: number;
  /** Its text, by which it is found when a person types; empty for a line that has none. */
  readonly name: string;
  /** Absent for a line that has nothing below it. */
  readonly isOpen?: boolean | undefined;
}

/** The effect of a key in a tree. */
export type TreeStep =
  | { readonly kind: "go"; readonly to: number }
  | { readonly kind: "open" | "close"; readonly at: number };

/** Lines that the keys for pages go over. */
const page = 20;

/**
 * The effect of a key in a tree, as ARIA's pattern for trees has it: right opens, then goes in; left closes, then goes out.
 *
 * @param at the chosen line; -1 if there is none
 * @returns undefined for a key that means nothing here
 */
export function treeStep(lines: readonly TreeLine[], at: number, key: string): TreeStep | undefined {
  const go = (to: number): TreeStep | undefined =>
    lines.length === 0 ? undefined : { kind: "go", to: Math.max(0, Math.min(lines.length - 1, to)) };
  const line = lines[at];
  switch (key) {
    case "ArrowDown":
      return go(at + 1);
    case "ArrowUp":
      return go(at - 1);
    case "PageDown":
      return go(at + page);
    case "PageUp":
      return go(at - page);
    case "Home":
      return go(0);
    case "End":
      return go(lines.length - 1);
    case "ArrowRight":
      if (line?.isOpen === undefined) return undefined;
      if (!line.isOpen) return { kind: "open", at };
      return (lines[at + 1]?.depth ?? 0) > line.depth ? go(at + 1) : undefined;
    case "ArrowLeft": {
      if (line?.isOpen) return { kind: "close", at };
      const parent = lines.slice(0, Math.max(0, at)).findLastIndex(({ depth }) => depth < (line?.depth ?? 0));
      return parent < 0 ? undefined : go(parent);
    }
    default:
      return undefined;
  }
}

/**
 * Finds the next line whose name begins with a text; upper and lower case count as the same. A single letter never finds the chosen line.
 *
 * @returns -1 if there is none
 */
export function findByBeginning(lines: readonly TreeLine[], at: number, typed: string): number {
  const wanted = typed.toLowerCase();
  const first = Math.max(0, typed.length > 1 ? at : at + 1);
  for (let step = 0; step < lines.length; step += 1) {
    const index = (first + step) % lines.length;
    if (lines[index]?.name.toLowerCase().startsWith(wanted)) return index;
  }
  return -1;
}
