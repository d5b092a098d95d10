import { sayError } from "../messages/notices.ts";
import { settings } from "./app-state.ts";
import { connect, connection } from "./connection.ts";
import { loadWindowState } from "./window-state.ts";

/** Connects to the engine, and settles when it has told how the window looked last: its theme, its panels and choices. */
export async function start(): Promise<void> {
  forgetStoredState();
  connect();
  await Promise.all([loadWindowState().catch(sayError), settingsOrLoss()]);
}

/** Earlier versions left the state, with the values of variables, in the storage of the page's origin. */
function forgetStoredState(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith("tinsmith.")) localStorage.removeItem(key);
}

/** Settles when there are settings, or no connection. */
async function settingsOrLoss(): Promise<void> {
  await new Promise<void>((resolve) => {
    settings.subscribe(({ value }) => value && resolve());
    connection.subscribe(({ status }) => status === "lost" && resolve());
  });
}
