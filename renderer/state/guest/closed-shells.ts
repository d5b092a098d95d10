/** The shells whose own tabs a person has just closed. */
const closed = new Set<string>();

/** Lets a shell end with its panel if no other window shows it: a person closes this very tab. */
export function closeShell(instance: string): void {
  closed.add(instance);
}

/** Whether a person has closed a shell's own tab; it is asked once. */
export function takeClosedShell(instance: string): boolean {
  return closed.delete(instance);
}
