import { fork } from "node:child_process";
import { join } from "node:path";

/** One way to look into an image, and how it ended. */
export interface Step {
  readonly name: string;
  /** Entries, or bytes of a tar archive. */
  readonly found: number;
  /** Of the error, if there was one. */
  readonly code?: string;
  readonly message?: string;
}

/** A step with what it took. */
export interface MeasuredStep extends Step {
  readonly milliseconds: number;
  /** The largest memory of the process so far, in MiB. */
  readonly peak: number;
}

/**
 * Looks into an image in all ways, in a process of its own.
 *
 * @param folder a new folder, for all that it writes
 * @throws Error when the process dies
 */
export async function lookInto(image: string, folder: string): Promise<readonly MeasuredStep[]> {
  const looker = fork(join(import.meta.dirname, "look-into.ts"), [image, folder], {
    execArgv: [],
    env: { ...process.env, TMPDIR: folder },
  });
  const steps: MeasuredStep[] = [];
  looker.on("message", (step) => steps.push(step as MeasuredStep));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  looker.once("error", reject);
  looker.once("exit", (status, signal) => {
    if (status === 0) resolve();
    else reject(new Error(`looking into ${image} died: ${signal ?? status}, after ${steps.at(-1)?.name}`));
  });
  await promise;
  return steps;
}
