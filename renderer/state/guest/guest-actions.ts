import { describeKill, type GuestActionRequest } from "../../../shared/guest/guest-action.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { sessionClient } from "../../client/api-client.ts";
import type { Part } from "../layout/parts.ts";
import { shellTitle } from "../layout/session-docks.ts";
import { showPart } from "../layout/session-panels.ts";
import type { LongList } from "../log/long-list.ts";
import { openDialog } from "../messages/dialogs.ts";
import { sayDone } from "../messages/notices.ts";
import { seek } from "../replay/replay.ts";
import type { OutputName } from "../replay/session-file.ts";
import { createSessionMemory } from "../sessions/session-memory.ts";
import { currentTry, type GuestAction } from "./exchanges.ts";

/** The shells that this page has opened; those that a stored layout restores were opened before. */
const openedHere = createSessionMemory(() => new Set<string>());

/** Opens a shell in a session's guest, among the session's parts. */
export function openShell(session: string): void {
  const instance = crypto.randomUUID();
  openedHere.of(session).add(instance);
  showPart({ session, kind: "shell", instance, title: shellTitle(session) });
}

/** Whether this page has opened a shell, which is then to be started. */
export function isNewShell(session: string, instance: string): boolean {
  return openedHere.find(session)?.has(instance) ?? false;
}

/** A shell that was opened here and left is only joined when it is shown again. */
export function leaveShell({ session, instance = "" }: Part): void {
  openedHere.find(session)?.delete(instance);
}

export function showFiles(session: string): void {
  showPart({ session, kind: "files" });
}

export function showActionLog(session: string): void {
  showPart({ session, kind: "exchanges" });
}

export function showBreakpoints(session: string): void {
  showPart({ session, kind: "breakpoints" });
}

/** @param time that it shows, in milliseconds since the epoch */
export function showReplay(session: string, time?: number): void {
  showPart({ session, kind: "replay" });
  if (time !== undefined) seek(session, time);
}

/** Shows the console on which a session's output comes. */
export function showOutput(session: string, name: OutputName): void {
  showPart({ session, kind: name === "serial" ? "serial" : "run" });
}

export function askToKill(session: string): void {
  openDialog({ name: "kill-process", session });
}

/** Gives the guest tools an action as it is written, and says that they replied. @throws AppError as the guest's actions do */
export async function performComposed(session: string, text: string, signal: AbortSignal): Promise<void> {
  const { bytes } = await sessionClient(session).guest.performComposed({ text }, { signal });
  sayDone(`The guest tools have replied with ${formatBytes(bytes)}. The Action log has the reply.`);
}

/** Opens the dialog that sends an action. @param action the JSON of an earlier one, which is sent again */
export function composeAction(session: string, action?: string): void {
  openDialog({ name: "send-action", session, action });
}

/** The JSON of an action that was requested, with which it can be sent again. */
export function textOfAction(request: GuestActionRequest): string {
  if (request.type === "composed") return request.text;
  return JSON.stringify({ path: "", command: [], tty: false, ...request }, null, 2);
}

/** Kills the task's processes. @throws AppError as the guest's actions do */
export async function killProcess(session: string, signal: AbortSignal): Promise<void> {
  sayDone(describeKill(await sessionClient(session).guest.killProcess(undefined, { signal })));
}

/** The last action that asks for that: the one that a view has just begun, as the session's log tells of it. */
export function findAction(
  { pieces }: LongList<GuestAction>,
  request: GuestActionRequest,
): GuestAction | undefined {
  const wanted = JSON.stringify(request);
  const isWanted = (action: GuestAction) => JSON.stringify(action.request) === wanted;
  return pieces.findLast((piece) => piece.some(isWanted))?.findLast(isWanted);
}

/** The event that an action under way waits for. */
export type ActionWait =
  | { readonly for: "turn" }
  /** The first request of the guest tools. */
  | { readonly for: "tools" }
  | { readonly for: "poll" | "reply"; readonly since: number; readonly tryNumber: number }
  | { readonly for: "rest" };

/**
 * @param action absent while the session's log has not told of it
 * @param toolsStarted the time of the guest tools' first request
 */
export function waitOf(action: GuestAction | undefined, toolsStarted: number | undefined): ActionWait {
  if (!action) return { for: "turn" };
  const { started, taken, answered } = currentTry(action);
  const tryNumber = action.tries.filter(({ failed }) => failed).length + 1;
  if (answered) return { for: "rest" };
  if (taken) return { for: "reply", since: taken.time, tryNumber };
  if (toolsStarted === undefined) return { for: "tools" };
  return { for: "poll", since: Math.max(started, toolsStarted), tryNumber };
}
