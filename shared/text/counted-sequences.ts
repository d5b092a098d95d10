/** A guest may ask a terminal for more, which would do that one by one, for minutes. */
const mostCounted = 10_000;

/** The escape sequences that repeat, insert, delete, erase or scroll so often, by their ends. */
export const countedSequences: readonly { readonly intermediates?: string; readonly final: string }[] = [
  ..."@ABCDEFGILMPSTXZb".split("").map((final) => ({ final })),
  ...["@", "A"].map((final) => ({ intermediates: " ", final })),
  ...["}", "~"].map((final) => ({ intermediates: "'", final })),
];

/** Whether a terminal is to leave such a sequence out. @param parameters as the terminal has read them */
export function isTooMuch([count]: readonly (number | number[])[]): boolean {
  return typeof count === "number" && count > mostCounted;
}
