import { setTimeout as delay } from "node:timers/promises";
import { toAppError } from "../../../../shared/errors/errors.ts";
import { beforeForcedStop } from "../../../async/process-end.ts";
import type { SlurmJob } from "./slurm-jobs.ts";
import { cancelJobs, cancelJobsAtOnce, listJobs } from "./slurm-programs.ts";

/** The jobs of this user, as Slurm knows them at one moment. */
export interface QueueLook {
  /** By id. */
  readonly jobs: ReadonlyMap<string, SlurmJob>;
  /** Slurm's words when it does not answer: the jobs are those of the look before. */
  readonly problem?: string;
}

/** Milliseconds between two looks. */
const usualInterval = 2_000;

/** Looks at all jobs at once, for all who follow one. */
export class JobQueue {
  readonly #interval: number;
  readonly #followed = new Set<string>();
  readonly #cancelled = new Set<string>();
  #last: QueueLook | undefined;
  #next: Promise<QueueLook> | undefined;
  #current: Promise<QueueLook> | undefined;
  #lastAct: Disposable | undefined;

  constructor({ interval = usualInterval } = {}) {
    this.#interval = interval;
  }

  /** The next look, which begins after this call. @throws AppError when none has succeeded yet: there is no Slurm here */
  look(): Promise<QueueLook> {
    this.#next ??= this.#lookAfter(this.#current);
    return this.#next;
  }

  async #lookAfter(current: Promise<QueueLook> | undefined): Promise<QueueLook> {
    await current?.catch(() => {});
    if (this.#last) await delay(this.#interval);
    this.#next = undefined;
    this.#current = this.#lookNow();
    return await this.#current;
  }

  async #lookNow(): Promise<QueueLook> {
    try {
      await this.#cancelAsked();
      this.#last = { jobs: new Map((await listJobs()).map((job) => [job.id, job])) };
    } catch (thrown) {
      if (!this.#last) throw thrown;
      this.#last = { ...this.#last, problem: toAppError(thrown).message };
    }
    return this.#last;
  }

  /** Cancels a job before the next look. */
  cancel(id: string): void {
    this.#cancelled.add(id);
  }

  async #cancelAsked(): Promise<void> {
    const ids = [...this.#cancelled];
    this.#cancelled.clear();
    // One that has ended meanwhile, or a controller that does not answer: who follows it asks again.
    if (ids.length > 0) await cancelJobs(ids).catch(() => {});
  }

  /** Holds a job that must end with this process, if its end is forced, until it is disposed of. */
  follow(id: string): Disposable {
    this.#followed.add(id);
    this.#lastAct ??= beforeForcedStop("the jobs in Slurm", () => cancelJobsAtOnce([...this.#followed]));
    return {
      [Symbol.dispose]: () => {
        this.#followed.delete(id);
        if (this.#followed.size > 0) return;
        this.#lastAct?.[Symbol.dispose]();
        this.#lastAct = undefined;
      },
    };
  }
}
