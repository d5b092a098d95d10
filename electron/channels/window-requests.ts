import type { WindowRequest } from "../../shared/contracts/desktop-contract.ts";

/** Requests to the window, kept until its page takes them: the page may not be loaded yet. */
export interface WindowRequests {
  add(request: WindowRequest): void;
  /** Yields each request once. */
  take(signal: AbortSignal | undefined): AsyncGenerator<WindowRequest>;
}

export function createWindowRequests(): WindowRequests {
  const pending: WindowRequest[] = [];
  let added = Promise.withResolvers<void>();
  return {
    add: (request) => {
      pending.push(request);
      added.resolve();
    },
    take: async function* (signal) {
      const ended = new Promise<void>((resolve) =>
        signal?.addEventListener("abort", () => resolve(), { once: true }),
      );
      while (!signal?.aborted) {
        const request = pending.shift();
        if (request) yield request;
        else {
          added = Promise.withResolvers();
          await Promise.race([added.promise, ended]);
        }
      }
    },
  };
}
