import type { ComparedInput } from "./library.ts";

/** The input that stands for a recipe's steps when a person has installed in their place. */
export const byHandInput = "install steps (a person installed)";

/** The input that stands for the steps of a file that a person has chosen. @param file its name */
export function stepsInput(file: string): string {
  return `install steps (${file} was chosen)`;
}

/**
 * Tells who installed an image that differs from its recipe's result only in the choices of a person: `Installed by hand`,
 * `Installed by mine.steps.yaml`.
 *
 * @param stale the inputs that differ
 * @returns undefined for any other image
 */
export function describeInstaller(stale: readonly ComparedInput[]): string | undefined {
  if (!stale.every(({ kind }) => kind === "choice")) return undefined;
  if (stale.some(({ name }) => name === byHandInput)) return "Installed by hand";
  const [start = "", end = ""] = stepsInput("\n").split("\n");
  const steps = stale.find(({ name }) => name.startsWith(start) && name.endsWith(end))?.name;
  return steps && `Installed by ${steps.slice(start.length, -end.length)}`;
}
