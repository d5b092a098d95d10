import { runInThisContext } from "node:vm";

/** A function's source that the test wants run here, as Playwright's `electronApp.evaluate` has it. */
interface Request {
  readonly id: number;
  readonly source: string;
  readonly argument: unknown;
}

/** Runs what the test sends, with the stand-in as its first argument, and sends back what comes of it. */
export function answerTheTest(loadElectron: () => Promise<object>): void {
  process.on("message", async ({ id, source, argument }: Request) => {
    try {
      const run = runInThisContext(`(${source})`) as (electron: object, argument: unknown) => unknown;
      process.send?.({ id, result: await run(await loadElectron(), argument) });
    } catch (error) {
      process.send?.({ id, error: String(error instanceof Error ? error.stack : error) });
    }
  });
  // The test is gone, and with it who would end this.
  process.on("disconnect", () => process.exit(1));
}

/** Tells the test something that it waits for. */
export function tellTheTest(news: object): void {
  process.send?.(news);
}
