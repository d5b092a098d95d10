import { AppError } from "../../../shared/errors/errors.ts";
import type { RecordedScript, RecordingEdit } from "../../../shared/recorder/recorded-step.ts";
import { createLiveResource, type LiveResource } from "./live-resource.ts";

/** The recording of an installation by hand, as its clients see and change it. */
export interface RecordingControl {
  /** The proposed steps, now and after each change, until the signal aborts. */
  watch(signal: AbortSignal): AsyncGenerator<RecordedScript, void, void>;
  /** Changes a proposed step. @throws AppError `usage` for a line that is not known any more */
  change(edit: RecordingEdit): void;
  /** Writes the proposed steps to a new steps file. @param target its absolute path @throws AppError `file-exists`, and what the disk refuses */
  save(target: string): Promise<void>;
}

/** @param session the session's id, for errors */
export function createLiveRecording(session: string): LiveResource<RecordingControl> {
  return createLiveResource(
    () =>
      new AppError({
        code: "usage",
        message: `session ${session} records no installation now`,
        advice: "An installation by hand is recorded while its virtual machine can be used.",
      }),
  );
}
