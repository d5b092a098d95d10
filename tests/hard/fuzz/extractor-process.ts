import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";

const outcomeSchema = z.object({
  extracted: z.boolean(),
  code: z.string().optional(),
  message: z.string().optional(),
});
export type Outcome = z.output<typeof outcomeSchema>;

/** An archive of a few megabytes that takes longer hangs. */
const timeLimit = 10_000;

/** Extracts archives one after the other in a process of its own, where a crash or an endless loop ends one case. */
export class ExtractorProcess implements Disposable {
  #process: ChildProcess | undefined;

  /** @throws Error when the process dies or takes too long; the next call starts another one. */
  async extract(archive: string, folder: string): Promise<Outcome> {
    this.#process ??= fork(join(import.meta.dirname, "extractor.ts"), { execArgv: [] });
    const extractor = this.#process;
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    const onMessage = (message: unknown) => resolve(outcomeSchema.parse(message));
    const onExit = (status: number | null, signal: string | null) =>
      reject(new Error(`the extractor died: ${signal ?? status}`));
    const limit = AbortSignal.timeout(timeLimit);
    limit.onabort = () => {
      reject(new Error(`extracting took over ${timeLimit} ms`));
      extractor.kill("SIGKILL");
    };
    extractor.once("message", onMessage).once("exit", onExit);
    extractor.send({ archive, folder });
    try {
      return await promise;
    } catch (error) {
      this.#process = undefined;
      throw error;
    } finally {
      limit.onabort = null;
      extractor.off("message", onMessage).off("exit", onExit);
    }
  }

  [Symbol.dispose](): void {
    this.#process?.kill("SIGKILL");
  }
}
