import { setTimeout as delay } from "node:timers/promises";
import { sessionEvents } from "../../../shared/contracts/session-events.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { type BuildEvent, buildEventTypes } from "../../../shared/session/build.ts";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import { isLocked } from "../../files/locks/file-lock.ts";
import { attachToCore } from "../../session/client/attach.ts";
import { readSessionLog } from "../../session-record/session-log-reader.ts";
import { type Paths, sessionPaths } from "../../storage/paths.ts";
import type { BuiltUnit } from "../engine.ts";

/** Milliseconds before a session that runs, but has closed the connection, is asked again. */
const retryInterval = 500;

/**
 * Follows the build of a session to its end, also of one whose process ends in between.
 *
 * @param onEvent called with each event of the build, once
 * @throws AppError the error of the build; `build-failed` if the process of the session has ended without telling the end
 */
export async function followBuild(
  paths: Paths,
  session: string,
  onEvent: (event: BuildEvent) => void,
): Promise<BuiltUnit> {
  const files = sessionPaths(paths, session);
  let last = 0;
  /** @returns the end of the build, if it is among the events */
  const take = (events: readonly SessionEvent[]): BuildEvent | undefined => {
    for (const event of events) {
      if (event.seq <= last) continue;
      last = event.seq;
      if (!buildEventTypes.has(event.type)) continue;
      const ofBuild = event as SessionEvent & BuildEvent;
      onEvent(ofBuild);
      if (ofBuild.type === "build-finished" || ofBuild.type === "build-failed") return ofBuild;
    }
    return undefined;
  };
  for (;;) {
    const wasRunning = isLocked(files.lock);
    const end = wasRunning
      ? await takeFromProcess(paths, session, { after: () => last, take })
      : await takeFromLog(files.events, take);
    if (end) return resultOf(end);
    if (!wasRunning) throw endedWithoutResult(session, files.folder);
    await delay(retryInterval);
  }
}

interface Taking {
  readonly after: () => number;
  readonly take: (events: readonly SessionEvent[]) => BuildEvent | undefined;
}

async function takeFromProcess(
  paths: Paths,
  session: string,
  { after, take }: Taking,
): Promise<BuildEvent | undefined> {
  try {
    using attached = await attachToCore(paths, session);
    for await (const events of sessionEvents(attached.api, { after: after() })) {
      const end = take(events);
      if (end) return end;
    }
  } catch {
    // It has just ended, or is very busy: its log tells the rest.
  }
  return undefined;
}

async function takeFromLog(path: string, take: Taking["take"]): Promise<BuildEvent | undefined> {
  for await (const events of readSessionLog(path)) {
    const end = take(events);
    if (end) return end;
  }
  return undefined;
}

function resultOf(end: BuildEvent): BuiltUnit {
  if (end.type === "build-failed") throw new AppError(end.error);
  if (end.type !== "build-finished") throw new Error("a build ends with its result");
  return { result: end.result, upToDate: end.upToDate };
}

function endedWithoutResult(session: string, folder: string): AppError {
  return new AppError({
    code: "build-failed",
    message: `the process of session ${session} has ended unexpectedly: it was killed, or the host has no memory left`,
    advice: `Build the cell again with tinsmith matrix --failed. All logs: ${folder}`,
  });
}
