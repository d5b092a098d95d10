import { AppError } from "../../../shared/errors/errors.ts";

/** Whether the guest of a build that fails is kept for a person to look into; that may change while the build runs. */
export interface KeepFailed {
  /**
   * Allows requests for it from now on.
   *
   * @param onChange called with whether it is wanted, now and after each change
   */
  begin(isWanted: boolean, onChange: (isWanted: boolean) => void): void;
  isWanted(): boolean;
  /** @throws AppError `usage` when there is no build that could */
  want(isWanted: boolean): void;
}

/** @param session the session's id, for errors */
export function createKeepFailed(session: string): KeepFailed {
  let isWanted = false;
  let change: ((isWanted: boolean) => void) | undefined;
  return {
    begin: (now, onChange) => {
      change = onChange;
      isWanted = now;
      onChange(now);
    },
    isWanted: () => isWanted,
    want: (now) => {
      if (!change) throw noBuild(session);
      if (now === isWanted) return;
      isWanted = now;
      change(now);
    },
  };
}

function noBuild(session: string): AppError {
  return new AppError({
    code: "usage",
    message: `session ${session} is not a build whose guest can be kept`,
    advice:
      "Only the guest of a build that runs, and that nobody installs by hand, can be kept when it fails.",
  });
}
