import type { SessionDescription } from "../../shared/api.ts";
import { AppError } from "../../shared/errors.ts";
import type { SessionEvent } from "../../shared/session-event.ts";
import { wholeFile } from "../files/growing-file.ts";
import { ownVersion } from "../own-version.ts";
import type { SessionPaths } from "../paths.ts";
import { createKeepFailed } from "./keep-failed.ts";
import { createOfferedGuest } from "./offered-guest.ts";
import { createOfferedMachine } from "./offered-machine.ts";
import { createPendingChoice } from "./pending-choice.ts";
import { createSessionConsole } from "./session-console.ts";
import { readSessionLog } from "./session-log-reader.ts";
import { createSessionServices, type FindService } from "./session-services.ts";

/**
 * Answers for a session that has ended, from the files that it left, as its process did while it ran.
 *
 * @param startedAt milliseconds since the epoch.
 */
export function endedSessionServices(id: string, files: SessionPaths, startedAt: number): FindService {
  const description: SessionDescription = {
    ...ownVersion,
    id,
    title: "An ended session",
    kind: "build",
    startedAt,
    processId: 0,
    folder: files.folder,
  };
  return createSessionServices({
    description,
    guest: createOfferedGuest(id),
    machine: createOfferedMachine(id),
    choice: createPendingChoice(id),
    keepFailed: createKeepFailed(id),
    serial: { output: wholeFile(files.serialLog) },
    host: { output: wholeFile(files.hostLog) },
    taskLog: wholeFile(files.taskLog),
    sendBreak: createSessionConsole(files.serialLog).sendBreak,
    stop: () => {
      throw new AppError({ code: "no-session", message: `session ${id} has ended already` });
    },
    events: eventsOf(files.events),
  });
}

function eventsOf(path: string) {
  return async function* ({
    after = 0,
  }: {
    readonly after?: number | undefined;
  }): AsyncGenerator<readonly SessionEvent[]> {
    for await (const events of readSessionLog(path)) yield events.filter(({ seq }) => seq > after);
  };
}
