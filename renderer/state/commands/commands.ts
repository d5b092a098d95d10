import { createStore } from "zustand/vanilla";
import { AppError } from "../../../shared/errors/errors.ts";
import { sayError } from "../messages/notices.ts";
import { keysOf } from "./key-bindings.ts";

/** Something that a person can do, by the palette, a key, or a button. */
export interface Command {
  /** Stable, as in "library.new-set". */
  readonly id: string;
  readonly title: string;
  /** Other words by which the palette finds it. */
  readonly keywords?: string;
  /** The heading in the palette. */
  readonly group: string;
  /** The palette does not list it: it is where the palette comes from. */
  readonly isHidden?: boolean;
  /**
   * The reason why it can't be done now; undefined when it can. It may be a getter, which is asked whenever that
   * matters.
   */
  readonly unavailable?: string | undefined;
  readonly run: () => void | Promise<void>;
}

/** A command that is offered, with its keys. */
interface RegisteredCommand extends Command {
  /** As in "Ctrl+Shift+P". */
  readonly keys: string | undefined;
}

export const commands = createStore<{ readonly all: readonly RegisteredCommand[] }>(() => ({ all: [] }));

/** Registers commands, in place of earlier ones with the same ids. @returns a function that removes them */
export function registerCommands(offered: readonly Command[]): () => void {
  // A copy would keep a getter's first value.
  const added = offered.map(
    (command): RegisteredCommand => Object.create(command, { keys: { value: keysOf(command.id) } }),
  );
  const ids = new Set(offered.map(({ id }) => id));
  commands.setState(({ all }) => ({ all: [...all.filter(({ id }) => !ids.has(id)), ...added] }));
  return () => commands.setState(({ all }) => ({ all: all.filter((one) => !added.includes(one)) }));
}

/** Runs a command by its id; an error is shown in a toast. */
export function runCommand(id: string): void {
  const command = commands.getState().all.find((one) => one.id === id);
  if (command) perform(command);
}

/** Runs a command; an error, or the reason why it can't be done now, is shown in a toast. */
export function perform({ unavailable, run }: Pick<Command, "unavailable" | "run">): void {
  if (unavailable === undefined) void (async () => run())().catch(sayError);
  else sayError(new AppError({ code: "busy", message: unavailable }));
}

/**
 * Runs the command of a key, once each time it is pressed.
 *
 * @param mayRun false where the key does nothing, and must not mean what it means to the browser
 * @returns whether there is a command
 */
export function runKey(event: KeyboardEvent, mayRun: boolean): boolean {
  const keys = describeKeys(event);
  const command = commands.getState().all.find((one) => one.keys === keys);
  if (!command) return false;
  if (mayRun && !event.repeat) runCommand(command.id);
  return true;
}

function describeKeys(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const parts = [
    event.ctrlKey && "Ctrl",
    event.altKey && "Alt",
    event.shiftKey && "Shift",
    event.metaKey && "Meta",
    key === " " ? "Space" : key,
  ];
  return parts.filter(Boolean).join("+");
}
