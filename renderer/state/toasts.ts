import { createStore } from "zustand/vanilla";
import { type ErrorData, toAppError } from "../../shared/errors.ts";

/** A message that does not hide what the person is doing. */
export interface Toast {
  readonly number: number;
  readonly kind: "error" | "done";
  readonly text: string;
  readonly error?: ErrorData | undefined;
  /** A file that was made. */
  readonly path?: string | undefined;
}

export const toasts = createStore<{ readonly shown: readonly Toast[] }>(() => ({ shown: [] }));

/** Messages that are shown at once; older ones give way. */
const maxShown = 4;
/** How long a message about something that went well stays, in milliseconds; errors stay until they are closed. */
const doneMilliseconds = 6_000;

let lastNumber = 0;

/** Says that something went well. */
export function sayDone(text: string): void {
  const number = show({ kind: "done", text });
  setTimeout(() => closeToast(number), doneMilliseconds);
}

/** Says that a file was made, and offers to show it; it stays until it is closed. */
export function sayMade(text: string, path: string): void {
  show({ kind: "done", text, path });
}

/** Says what went wrong with something that the person asked for. */
export function sayError(thrown: unknown): void {
  const error = toAppError(thrown).toJSON();
  show({ kind: "error", text: error.message, error });
}

export function closeToast(number: number): void {
  toasts.setState(({ shown }) => ({ shown: shown.filter((toast) => toast.number !== number) }));
}

function show(toast: Omit<Toast, "number">): number {
  lastNumber += 1;
  const numbered = { ...toast, number: lastNumber };
  toasts.setState(({ shown }) => ({ shown: [...shown, numbered].slice(-maxShown) }));
  return lastNumber;
}
