import type { Wish } from "../../shared/contracts/desktop-contract.ts";

/** What is wanted of the window, kept until its page takes it: the page may not be there yet. */
export interface Wishes {
  add(wish: Wish): void;
  /** Yields each wish once. */
  take(signal: AbortSignal | undefined): AsyncGenerator<Wish>;
}

export function createWishes(): Wishes {
  const pending: Wish[] = [];
  let added = Promise.withResolvers<void>();
  return {
    add: (wish) => {
      pending.push(wish);
      added.resolve();
    },
    take: async function* (signal) {
      const ended = new Promise<void>((resolve) =>
        signal?.addEventListener("abort", () => resolve(), { once: true }),
      );
      while (!signal?.aborted) {
        const wish = pending.shift();
        if (wish) yield wish;
        else {
          added = Promise.withResolvers();
          await Promise.race([added.promise, ended]);
        }
      }
    },
  };
}
