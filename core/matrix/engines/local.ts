import type { BuildEvent } from "../../../shared/session/build.ts";
import { beforeForcedStop } from "../../async/process-end.ts";
import type { SpaceNeed } from "../../files/free-space.ts";
import type { startSessionProcess } from "../../session/client/start-session.ts";
import { stopSession } from "../../session/client/stop-session.ts";
import { findSessions } from "../../session-record/find-sessions.ts";
import type { Paths } from "../../storage/paths.ts";
import type { BuiltUnit, PausableEngine, UnitObserver } from "../engine.ts";
import type { ImageUnit } from "../units.ts";
import { reasonToWait, waitsForSlot } from "./admission.ts";
import { followBuild } from "./follow-build.ts";
import { capacityOfDisks, freeGuestMemory, type RunningBuild, spaceOfUnit } from "./host-capacity.ts";
import { WaitingLine } from "./waiting-line.ts";

interface LocalOptions {
  readonly paths: Paths;
  /** Starts the process of a session, and tells its id. */
  readonly startSession: (plan: ImageUnit["plan"]) => ReturnType<typeof startSessionProcess>;
  /** Builds that may run at once. */
  readonly jobs: number;
}

/** Milliseconds between two looks at the memory and disks of the host. */
const lookInterval = 1_000;

/**
 * Builds units on this host, each in a session of its own. A unit waits while its virtual machine does not fit in the memory, its
 * disk not on the disks, or as many run as may.
 */
export function createLocalEngine({ paths, startSession, jobs }: LocalOptions): PausableEngine {
  const running = new Map<ImageUnit, RunningUnit>();
  const reasonOf = async (unit: ImageUnit) => {
    if (running.size >= jobs) return waitsForSlot(jobs);
    const builds = [...running.values()];
    const needs = await spaceOfUnit(unit, paths);
    const reason = reasonToWait({
      ...{ jobs, running: running.size, memory: unit.memory },
      freeMemory: freeGuestMemory(paths, builds),
      disks: await capacityOfDisks(
        needs,
        builds.flatMap(({ space }) => space),
      ),
    });
    // If nothing ends that would make room, the build itself says what it lacks.
    const isAlone = running.size === 0 && findSessions(paths).length === 0;
    if (reason !== undefined && !isAlone) return reason;
    running.set(unit, { memory: unit.memory, space: needs, isPacking: false });
    return undefined;
  };
  const line = new WaitingLine<ImageUnit>({ reasonToWait: reasonOf, interval: lookInterval });
  const change = (unit: ImageUnit, changes: Partial<RunningUnit>) => {
    const before = running.get(unit);
    if (before) running.set(unit, { ...before, ...changes });
  };
  const start = async (unit: ImageUnit, { signal, onWait, onStart, findBuilt }: UnitObserver) => {
    const other = sessionThatBuilds(paths, unit.output);
    // It has its memory already.
    if (other !== undefined) running.set(unit, { memory: unit.memory, space: [], isPacking: false });
    else await line.enter(unit, { signal, onWait });
    const built = other === undefined ? await findBuilt() : undefined;
    if (built) return built;
    onStart();
    return other ?? (await startSession(unit.plan));
  };
  const runUnit = async (unit: ImageUnit, observer: UnitObserver): Promise<BuiltUnit> => {
    const session = await start(unit, observer);
    if (typeof session !== "string") return session;
    observer.onSession(session);
    change(unit, { session });
    using _stop = stopOnAbort(paths, session, observer.signal);
    return await followBuild(paths, session, (event) => {
      if (event.type === "step-started") change(unit, { isPacking: event.step === "pack" });
      if (hasFreedMemory(event)) line.look();
      observer.onEvent(event);
    });
  };
  return {
    setPaused: (isPaused) => line.setPaused(isPaused),
    build: async (unit, observer) => {
      try {
        return await runUnit(unit, observer);
      } finally {
        running.delete(unit);
        line.look();
      }
    },
  };
}

interface RunningUnit extends RunningBuild {
  readonly space: readonly SpaceNeed[];
}

/** The guest has ended, and its memory is free. */
function hasFreedMemory(event: BuildEvent): boolean {
  return event.type === "step-started" && event.step === "pack";
}

/** The session that builds an archive already, such as one whose `tinsmith matrix` was killed. */
function sessionThatBuilds(paths: Paths, output: string): string | undefined {
  return findSessions(paths).find(({ kind, image }) => kind === "build" && image === output)?.id;
}

/** Ends a session when a signal aborts, or with this process if its end is forced. */
function stopOnAbort(paths: Paths, session: string, signal: AbortSignal): Disposable {
  // It may have ended by itself.
  const stop = () => void stopSession(paths, session).catch(() => {});
  const lastAct = beforeForcedStop(`session ${session}`, () => {
    const holder = findSessions(paths).find(({ id }) => id === session)?.processId;
    // Its virtual machine ends with it.
    if (holder !== undefined) process.kill(holder, "SIGKILL");
  });
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  return {
    [Symbol.dispose]: () => {
      lastAct[Symbol.dispose]();
      signal.removeEventListener("abort", stop);
    },
  };
}
