import { AppError } from "../../../shared/errors/errors.ts";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import { wholeFile } from "../../files/logs/growing-file.ts";
import { readSessionLog } from "../../session-record/session-log-reader.ts";
import type { SessionPaths } from "../../storage/paths.ts";
import { createSessionConsole } from "../console/session-console.ts";
import { createKeepFailed } from "../live/keep-failed-guest.ts";
import { createLiveGuest } from "../live/live-guest.ts";
import { createLiveInstall } from "../live/live-install.ts";
import { createLiveMachine } from "../live/live-machine.ts";
import { createLiveRecording, type RecordingControl } from "../live/live-recording.ts";
import { createLiveRounds } from "../live/live-rounds.ts";
import { createPendingChoice } from "../live/pending-choice.ts";
import { createSessionServices, type FindService } from "../serve/session-services.ts";

/** Reads the recording of an installation by hand that an ended session has left; undefined when there is none. */
export type FindRecording = (files: SessionPaths) => RecordingControl | undefined;

/** Answers for a session that has ended, from the files that it left, as its process did while it ran. */
export function endedSessionServices(
  id: string,
  files: SessionPaths,
  findRecording: FindRecording,
): FindService {
  const recording = createLiveRecording(id);
  const left = findRecording(files);
  if (left) recording.provide(left);
  return createSessionServices({
    answer: { isRunning: false, id, folder: files.folder },
    guest: createLiveGuest(id),
    machine: createLiveMachine(id),
    choice: createPendingChoice(id),
    keepFailed: createKeepFailed(id),
    rounds: createLiveRounds(id),
    install: createLiveInstall(id),
    recording,
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
