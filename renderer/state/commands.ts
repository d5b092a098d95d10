import { createStore } from "zustand/vanilla";
import { sayError } from "./toasts.ts";

/** Something that a person can do, by the palette, a key, or a button. */
export interface Command {
  /** Stable, as in "library.new-set". */
  readonly id: string;
  readonly title: string;
  /** The heading in the palette. */
  readonly group: string;
  /** As in "Ctrl+Shift+P"; Ctrl is the Command key on a Mac. */
  readonly keys?: string | undefined;
  /** The palette does not list it: it is where the palette comes from. */
  readonly isHidden?: boolean;
  /** Says why it can't be done now; nothing when it can. */
  readonly unavailable?: string | undefined;
  readonly run: () => void | Promise<void>;
}

export const commands = createStore<{ readonly all: readonly Command[] }>(() => ({ all: [] }));

/** Offers commands, in place of earlier ones with the same ids. @returns what takes them back */
export function offerCommands(offered: readonly Command[]): () => void {
  const ids = new Set(offered.map(({ id }) => id));
  const others = (all: readonly Command[]) => all.filter(({ id }) => !ids.has(id));
  commands.setState(({ all }) => ({ all: [...others(all), ...offered] }));
  return () => commands.setState(({ all }) => ({ all: all.filter((one) => !offered.includes(one)) }));
}

/** Runs a command by its id; what goes wrong is said in a toast. */
export function runCommand(id: string): void {
  const command = commands.getState().all.find((one) => one.id === id);
  if (command) perform(command);
}

/** Runs a command, when it can be done now; what goes wrong is said in a toast. */
export function perform({ unavailable, run }: Pick<Command, "unavailable" | "run">): void {
  if (unavailable === undefined) void (async () => run())().catch(sayError);
}

/** Runs the command that a key stands for. @returns whether there is one */
export function runKey(event: KeyboardEvent): boolean {
  const keys = describeKeys(event);
  const command = commands.getState().all.find((one) => one.keys === keys);
  if (!command) return false;
  runCommand(command.id);
  return true;
}

function describeKeys(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const parts = [
    (event.ctrlKey || event.metaKey) && "Ctrl",
    event.altKey && "Alt",
    event.shiftKey && "Shift",
    key === " " ? "Space" : key,
  ];
  return parts.filter(Boolean).join("+");
}
