import { createStore } from "zustand/vanilla";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { toAppError } from "../../../shared/errors/errors.ts";

/** A message that does not hide what the person is doing. */
export interface Toast {
  readonly number: number;
  readonly kind: "error" | "done";
  readonly text: string;
  readonly error?: ErrorData | undefined;
  /** A file that was made. */
  readonly path?: string | undefined;
  /** An action that is offered for some time. */
  readonly offer?: ToastOffer | undefined;
  /** The time of its last repetition, in milliseconds since 1970. */
  readonly time: number;
  /** The number of repetitions before a person has closed it. */
  readonly count: number;
}

/** An action that a message offers, and for how many milliseconds: then the message disappears. */
export interface ToastOffer {
  readonly label: string;
  readonly run: () => void;
  readonly milliseconds: number;
}

interface Toasts {
  /** Those that nobody has closed, the oldest first. */
  readonly open: readonly Toast[];
  /** The last ones of this window, also those that are closed, the oldest first. */
  readonly recent: readonly Toast[];
}

export const toasts = createStore<Toasts>(() => ({ open: [], recent: [] }));

/** Messages that are kept for the list of recent ones. */
const maxRecent = 200;
/** Messages that stay until they are closed, and are shown at once; newer ones wait. */
const maxStaying = 3;
/** Messages that go by themselves, and are shown at once; older ones give way. */
const maxPassing = 2;
/** How long a message about something that went well stays, in milliseconds; errors stay until they are closed. */
const passingMilliseconds = 6_000;

let lastNumber = 0;

/** Shows a message of success. */
export function sayDone(text: string): void {
  show({ kind: "done", text });
}

/** Shows a message that a file was made, with an action to open its folder; it stays until it is closed. */
export function sayMade(text: string, path: string): void {
  show({ kind: "done", text, path });
}

/** Shows a message that something was done, with an action. */
export function sayOffer(text: string, offer: ToastOffer): void {
  show({ kind: "done", text, offer });
}

/** Shows the error of an action of the person. */
export function sayError(thrown: unknown): void {
  const error = toAppError(thrown).toJSON();
  show({ kind: "error", text: error.message, error });
}

export function closeToast(number: number): void {
  toasts.setState(({ open }) => ({ open: open.filter((toast) => toast.number !== number) }));
}

/** Closes all: they can be read in the list of recent ones. */
export function closeToasts(): void {
  toasts.setState({ open: [] });
}

/** How long a message is shown, in milliseconds. */
export function shownFor(toast: Toast): number {
  return toast.offer?.milliseconds ?? (isPassing(toast) ? passingMilliseconds : Number.POSITIVE_INFINITY);
}

/** Which of the open messages are shown, and how many wait until some of these are closed. */
export function pickShown(open: readonly Toast[]): {
  readonly shown: readonly Toast[];
  readonly waiting: number;
} {
  const staying = open.filter((toast) => !isPassing(toast));
  const passing = open.filter(isPassing);
  return {
    shown: [...staying.slice(0, maxStaying), ...passing],
    waiting: Math.max(0, staying.length - maxStaying),
  };
}

function show(said: Omit<Toast, "number" | "time" | "count">): void {
  const { open, recent } = toasts.getState();
  const equal = open.find((toast) => contentOf(toast) === contentOf(said));
  lastNumber += 1;
  const toast: Toast = {
    ...said,
    number: equal?.number ?? lastNumber,
    time: Date.now(),
    count: (equal?.count ?? 0) + 1,
  };
  const others = recent.filter(({ number }) => number !== toast.number);
  toasts.setState({
    open: withoutOldPassing(equal ? open.map((one) => (one === equal ? toast : one)) : [...open, toast]),
    recent: [...others, toast].slice(-maxRecent),
  });
}

/** The text that a person reads, by which equal messages are found. */
function contentOf({ kind, text, error, path }: Omit<Toast, "number" | "time" | "count">): string {
  return JSON.stringify([kind, text, path, error?.advice, error?.details]);
}

function withoutOldPassing(open: readonly Toast[]): readonly Toast[] {
  const kept = open.filter(isPassing).slice(-maxPassing);
  return open.filter((toast) => !isPassing(toast) || kept.includes(toast));
}

function isPassing({ kind, path, offer }: Toast): boolean {
  return kind === "done" && path === undefined && offer === undefined;
}
