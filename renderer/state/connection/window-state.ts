import { createStore } from "zustand/vanilla";
import { changeWindowState, type WindowState } from "../../../shared/app/window-state.ts";
import { app } from "../../client/api-client.ts";
import { sayError } from "../messages/notices.ts";

/** This window's state; the engine keeps it, since a browser would keep it for any later server on this port. */
export const windowState = createStore<WindowState>(() => ({}));

/** At most so often a change is kept, in milliseconds: the panels' places change with each move of the mouse. */
const keepInterval = 250;

/** Whether the engine's state has arrived: until then nothing is kept, or the stored state would be lost. */
let isLoaded = false;
let waiting: WindowState | undefined;
let isKeeping = false;
let hasFailed = false;

/** Takes the state from the engine. @throws AppError when the engine doesn't give it */
export async function loadWindowState(): Promise<void> {
  windowState.setState(await app().windowState.read(), true);
  isLoaded = true;
}

/** Changes a part of the window's state, which the engine then keeps. */
export function remember(change: WindowState): void {
  windowState.setState((current) => changeWindowState(current, change), true);
  if (!isLoaded) return;
  waiting = changeWindowState(waiting ?? {}, change);
  if (!isKeeping) void keepChanges();
}

async function keepChanges(): Promise<void> {
  isKeeping = true;
  while (waiting) {
    await keepNow();
    await new Promise((resolve) => setTimeout(resolve, keepInterval));
  }
  isKeeping = false;
}

async function keepNow(): Promise<void> {
  const change = waiting;
  waiting = undefined;
  if (!change) return;
  try {
    await app().windowState.change(change);
  } catch (error) {
    // Shown once: it holds for all later changes.
    if (!hasFailed) sayError(error);
    hasFailed = true;
  }
}

// A window that closes does not wait for its turn.
globalThis.addEventListener?.("pagehide", () => void keepNow());
