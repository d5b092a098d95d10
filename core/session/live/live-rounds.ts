import { AppError } from "../../../shared/errors/errors.ts";
import { createLiveResource, type LiveResource } from "./live-resource.ts";

/** The rounds of a watch, as its clients control them. */
export interface RoundControl {
  /** Begins another round; the one under way is cancelled. */
  force(): void;
}

/** @param session the session's id, for errors. */
export function createLiveRounds(session: string): LiveResource<RoundControl> {
  return createLiveResource(
    () =>
      new AppError({
        code: "no-session",
        message: `session ${session} is not a watch that is running`,
        advice: "Start one with tinsmith watch, or in the window.",
      }),
  );
}
