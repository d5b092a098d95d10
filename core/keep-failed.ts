import { AppError } from "../shared/errors.ts";

/** Whether the guest of a build that fails is kept for a person to look into; that may change while the build runs. */
export interface KeepFailed {
  /** Lets it be asked for from now on. @param onChange called with what is wanted, at once and when that changes */
  begin(isWanted: boolean, onChange: (isWanted: boolean) => void): void;
  isWanted(): boolean;
  /** @throws AppError `usage` when there is no build that could */
  want(isWanted: boolean): void;
}

/** @param session the session's id, for errors */
export function createKeepFailed(session: string): KeepFailed {
  let isWanted = false;
  let change: ((isWanted: boolean) => void) | undefined;
  const want = (now: boolean) => {
    if (!change) throw noBuild(session);
    if (now === isWanted) return;
    isWanted = now;
    change(now);
  };
  return {
    begin: (now, onChange) => {
      change = onChange;
      want(now);
    },
    isWanted: () => isWanted,
    want,
  };
}

function noBuild(session: string): AppError {
  return new AppError({
    code: "usage",
    message: `session ${session} is no build whose guest could be kept`,
    advice:
      "Only the guest of a build that runs, and that nobody installs by hand, can be kept when it fails.",
  });
}
