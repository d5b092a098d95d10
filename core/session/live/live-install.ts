import { AppError } from "../../../shared/errors/errors.ts";
import type { InstallStep } from "../../../shared/recipe/install-step.ts";
import { createLiveResource, type LiveResource } from "./live-resource.ts";

/** The install steps of a build, as its clients control them. The build's events tell how they end. */
export interface InstallControl {
  /** Pauses before the next step; a wait is begun again later. */
  pause(): void;
  /** Does the steps one after another; a wait that has failed is begun again. */
  run(): void;
  /** Does the next step alone. */
  step(): void;
  /** Does the steps from this one on. @throws AppError `usage` when there is no such step */
  runFrom(index: number): void;
  /**
   * Changes a step that is not being done, also in the recipe or steps file that has it.
   *
   * @throws AppError `usage` when there is no such step, or it is being done; `file-changed` when the recipe is not the one of
   *   the build any more
   */
  change(index: number, step: InstallStep): Promise<void>;
  /** Lets the build fail with the error of the wait that has failed. @throws AppError `usage` when none has */
  giveUp(): void;
  /** The last line of the console on which the steps wait, now and after each change, until the signal aborts. */
  watch(signal: AbortSignal): AsyncGenerator<string, void, void>;
}

/** @param session the session's id, for errors */
export function createLiveInstall(session: string): LiveResource<InstallControl> {
  return createLiveResource(
    () =>
      new AppError({
        code: "usage",
        message: `session ${session} does no install steps now`,
        advice: "The install steps of a build begin when its virtual machine boots, and end with it.",
      }),
  );
}
