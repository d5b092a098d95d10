import { AppError } from "../../../shared/errors/errors.ts";
import type { RecordedScript } from "../../../shared/recorder/recorded-step.ts";
import { aborted } from "../../async/abort.ts";
import { statusOf } from "../../files/regular-file.ts";
import type { RecordingControl } from "../../session/live/live-recording.ts";
import type { SessionPaths } from "../../storage/paths.ts";

/**
 * The recording that a session has left, as its clients used it while the session ran, also when its process was killed.
 *
 * @returns undefined when the session has recorded nothing
 */
export function endedRecording({ recording }: SessionPaths): RecordingControl | undefined {
  if (!statusOf(recording)) return undefined;
  let read: Promise<RecordedScript> | undefined;
  const script = () => (read ??= readScript(recording));
  return {
    watch: async function* (signal) {
      yield await script();
      // It does not change any more.
      await aborted(signal).catch(() => {});
    },
    change: () => {
      throw isOver();
    },
    save: async (target) => {
      const { saveSteps } = await import("./recorded-steps-file.ts");
      await saveSteps(target, script);
    },
  };
}

/** Most windows show no recording of an ended session, and need none of this code. */
async function readScript(path: string): Promise<RecordedScript> {
  const { readRecording } = await import("../../install-recorder/cast/read-recording.ts");
  const { scriptOf } = await import("../../install-recorder/script/script-of.ts");
  return await scriptOf(readRecording(path));
}

function isOver(): AppError {
  return new AppError({
    code: "no-session",
    message: "the session has ended, so its recording can't be changed",
    advice: "Save its steps, and edit the file.",
  });
}
