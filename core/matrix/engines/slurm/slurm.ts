import { createTurns } from "../../../async/take-turns.ts";
import { recallBuild, rememberBuild } from "../../../builder/freshness/build-records.ts";
import { makeFolder } from "../../../files/folders.ts";
import { rememberImage } from "../../../storage/known-images.ts";
import { findPaths, type Paths } from "../../../storage/paths.ts";
import type { BuiltUnit, PausableEngine, UnitObserver } from "../../engine.ts";
import type { ImageUnit } from "../../units.ts";
import { WaitingLine } from "../waiting-line.ts";
import { followJob, type SuccessfulResult } from "./follow-job.ts";
import { JobFolder, WorkFolder } from "./job-folder.ts";
import { JobQueue } from "./job-queue.ts";
import { hasEnded } from "./slurm-jobs.ts";
import { kvmPreference } from "./slurm-programs.ts";
import { folderOf, type SubmittedJob, submitUnit } from "./submit-unit.ts";

interface SlurmOptions {
  readonly paths: Paths;
  /** A folder that all nodes see at the same path. */
  readonly work: string;
  /** Options of sbatch that each job gets. */
  readonly sbatch: readonly string[];
  /** Jobs that may wait in Slurm at once. */
  readonly mostWaiting?: number;
}

/** Each waiting job makes Slurm's scheduler slower, and the usual limit of its queue is 10,000 jobs of all users. */
const usualMostWaiting = 500;
/** Milliseconds between two looks whether another job may be submitted, beside those at each start. */
const lineInterval = 10_000;

/**
 * Builds units on the nodes of a Slurm cluster, each by a job. Slurm decides where and when; its jobs see the same files as this host,
 * as Slurm presupposes. A job outlives this process: the next one finds it by its comment.
 */
export function createSlurmEngine(options: SlurmOptions): PausableEngine {
  const { paths, sbatch: given, mostWaiting = usualMostWaiting } = options;
  makeFolder(options.work);
  const work = new WorkFolder(options.work);
  const queue = new JobQueue();
  const waiting = new Set<ImageUnit>();
  const line = new WaitingLine<ImageUnit>({
    interval: lineInterval,
    reasonToWait: (unit) => {
      if (waiting.size >= mostWaiting) return `Slurm: ${mostWaiting} jobs of this matrix wait in its queue`;
      waiting.add(unit);
      return undefined;
    },
  });
  const leave = (unit: ImageUnit) => {
    if (waiting.delete(unit)) line.look();
  };
  const turns = createTurns();
  let preference: Promise<readonly string[]> | undefined;
  const findJob = async (unit: ImageUnit): Promise<SubmittedJob | undefined> => {
    const { jobs } = await queue.look();
    for (const job of jobs.values()) {
      const path = folderOf(job);
      if (path !== undefined && work.isOf(unit, path) && !hasEnded(job) && job.state !== "COMPLETING")
        return { id: job.id, folder: new JobFolder(path) };
    }
    return undefined;
  };
  const submit = async (unit: ImageUnit, { signal, onWait }: UnitObserver): Promise<SubmittedJob> => {
    for (;;) {
      const submitted = await turns.take(async () => {
        signal.throwIfAborted();
        preference ??= kvmPreference();
        const usual = await preference;
        return await submitUnit(unit, { paths, work, given, usual, signal });
      });
      if ("id" in submitted) return submitted;
      onWait(submitted.refusal);
      const found = await findJob(unit);
      if (found) return found;
      submitted.folder.remove();
    }
  };
  const follow = async ({ id, folder }: SubmittedJob, unit: ImageUnit, observer: UnitObserver) => {
    const onStart = () => {
      leave(unit);
      observer.onStart();
    };
    try {
      const result = await followJob(id, folder, { ...observer, onStart, queue });
      takeBack(result, paths);
      folder.remove();
      return result.built;
    } catch (thrown) {
      folder.forgetRequest();
      throw thrown;
    }
  };
  /** Takes back what a job has built while no `tinsmith matrix` ran, and removes the folders of all earlier jobs. */
  const takeEarlier = async (
    unit: ImageUnit,
    { findBuilt }: UnitObserver,
  ): Promise<BuiltUnit | undefined> => {
    for (const folder of work.find(unit)) {
      const result = folder.readResult();
      if (result?.built) takeBack({ ...result, built: result.built }, paths);
      // Another process may be about to submit the job of a new one.
      if (result || folder.isOld) folder.remove();
    }
    return await findBuilt();
  };
  const build = async (unit: ImageUnit, observer: UnitObserver): Promise<BuiltUnit> => {
    const running = await findJob(unit);
    if (running) {
      // Its recipe may be an older one.
      await follow(running, unit, observer);
      const built = await observer.findBuilt();
      if (built) return built;
    }
    await line.enter(unit, observer);
    const earlier = await takeEarlier(unit, observer);
    if (earlier) return earlier;
    return await follow(await submit(unit, observer), unit, observer);
  };
  return {
    setPaused: (isPaused) => line.setPaused(isPaused),
    build: async (unit, observer) => {
      try {
        return await build(unit, observer);
      } finally {
        leave(unit);
      }
    },
  };
}

/** Makes known here what is known on the node of the archive that it has built: it was made by this user. */
function takeBack({ home, built }: SuccessfulResult, paths: Paths): void {
  const { path, digest } = built.result;
  const known = recallBuild(findPaths({ TINSMITH_HOME: home }), path);
  if (known?.digest !== digest) return;
  rememberImage(paths, digest);
  rememberBuild(paths, path, digest, known.record);
}
