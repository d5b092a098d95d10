import type { GuestActionRequest } from "../../shared/guest-action.ts";
import { sessionClient } from "../api-client.ts";
import { openDialog } from "./dialogs.ts";
import { currentTry, type GuestAction } from "./exchanges.ts";
import { showSessionPanel } from "./panels.ts";
import { sayDone } from "./toasts.ts";

/** Tells apart the shells that this window opens, also after a reload. */
let shells = Date.now();
/** The shells that this window has opened since it was loaded: those that a stored layout brings back have ended. */
const openedHere = new Set<string>();

/** Opens a shell in a session's guest, in a tab of its own. */
export function openShell(session: string): void {
  shells += 1;
  const instance = `${shells}`;
  openedHere.add(instance);
  const title = `Shell ${openedHere.size}`;
  showSessionPanel("shell", session, { instance, title, params: { instance } });
}

/** Whether a shell is this window's to begin; once it has begun it is no more. */
export function takeShell(instance: string): boolean {
  return openedHere.has(instance);
}

export function showFiles(session: string): void {
  showSessionPanel("files", session);
}

export function showActionLog(session: string): void {
  showSessionPanel("exchanges", session);
}

export function askToKill(session: string): void {
  openDialog({ name: "kill-process", session });
}

/** Kills the task's processes. @throws AppError as the guest's actions do */
export async function killProcess(session: string, signal: AbortSignal): Promise<void> {
  await sessionClient(session).guest.killProcess(undefined, { signal });
  sayDone("The guest tools are killing the task's processes.");
}

/** The last action that asks for that: the one that a view has just begun, as the session's log tells of it. */
export function findAction(
  actions: readonly GuestAction[],
  request: GuestActionRequest,
): GuestAction | undefined {
  const wanted = JSON.stringify(request);
  return actions.findLast((action) => JSON.stringify(action.request) === wanted);
}

/** What an action that is under way waits for. */
export type ActionWait =
  | { readonly for: "turn" }
  | { readonly for: "poll" | "reply"; readonly since: number; readonly tryNumber: number }
  | { readonly for: "rest" };

/** @param action absent while the session's log has not told of it */
export function waitOf(action: GuestAction | undefined): ActionWait {
  if (!action) return { for: "turn" };
  const { started, taken, answered } = currentTry(action);
  const tryNumber = action.tries.filter(({ failed }) => failed).length + 1;
  if (answered) return { for: "rest" };
  if (taken) return { for: "reply", since: taken.time, tryNumber };
  return { for: "poll", since: started, tryNumber };
}
