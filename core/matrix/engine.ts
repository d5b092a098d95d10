import type { BuildEvent, BuildResult, UpToDateArchive } from "../../shared/session/build.ts";
import type { ImageUnit } from "./units.ts";

/** The observer of a unit that an engine builds. */
export interface UnitObserver {
  /** Cancels the build. */
  readonly signal: AbortSignal;
  /** Called with the reason why the unit can't start yet, such as "a free slot", each time that it is another. */
  readonly onWait: (reason: string) => void;
  /** Finds the archive if another process has built it while the unit waited. */
  readonly findBuilt: () => Promise<BuiltUnit | undefined>;
  /** Called when the build begins. */
  readonly onStart: () => void;
  /** Called with the id of the session that builds it, if it is one on this host. */
  readonly onSession: (id: string) => void;
  readonly onEvent: (event: BuildEvent) => void;
}

/** The end of a build that did not fail. */
export interface BuiltUnit {
  readonly result: BuildResult;
  readonly upToDate?: UpToDateArchive | undefined;
}

/**
 * Places units on machines, and builds them there. The unit of work is a plan: its inputs are files of the image set, and its
 * result is one archive, with its manifest. Each unit is given as soon as those that it needs are built, so that the engine decides how
 * many run at once.
 */
export interface MatrixEngine {
  /**
   * Builds a unit, when there is room for it.
   *
   * @throws AppError the error of the build; `busy` when another process builds the archive; `interrupted` when the signal aborts
   */
  build(unit: ImageUnit, observer: UnitObserver): Promise<BuiltUnit>;
}

/** An engine that a person can pause: builds that run continue, and no other starts. */
export interface PausableEngine extends MatrixEngine {
  setPaused(isPaused: boolean): void;
}
