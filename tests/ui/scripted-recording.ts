import { writeFileSync } from "node:fs";
import { createLatestValue } from "../../core/async/latest-value.ts";
import type { ServedSession } from "../../core/session/serve/served-session.ts";
import type { RecordedScript, RecordedStep } from "../../shared/recorder/recorded-step.ts";

/** The recording of an installation by hand, whose steps a test makes. */
export interface ScriptedRecording {
  /** All that the window has done with it, in order. */
  readonly acts: readonly string[];
  /** Shows these steps, numbered from 1 on. */
  show(...steps: readonly ShownStep[]): void;
}

/** A step; without the time of day, it was done now. */
type ShownStep = Omit<RecordedStep, "id" | "epoch" | "alternatives"> & Partial<Pick<RecordedStep, "epoch">>;

export function scriptRecording(session: ServedSession): ScriptedRecording {
  const acts: string[] = [];
  const script = createLatestValue<RecordedScript>({ console: "serial", steps: [] });
  session.recording.provide({
    watch: script.watch,
    change: (edit) => void acts.push(JSON.stringify(edit)),
    save: async (target) => {
      writeFileSync(target, "install: [{ type: recorded }]\n");
      acts.push(`save ${target}`);
    },
  });
  return {
    acts,
    show: (...steps) =>
      script.set({
        console: steps[0]?.console ?? "serial",
        steps: steps.map((step, index) => ({
          ...{ id: `${index + 1}`, epoch: Date.now(), alternatives: ["login:", "box login:"] },
          ...step,
        })),
      }),
  };
}
