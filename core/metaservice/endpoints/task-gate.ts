import type { Endpoint } from "../http/endpoint.ts";

/** Holds the task back: guest tools that ask for it wait until the gate is opened. */
export interface TaskGate {
  /** Gives the task to those that wait, and at once to all that ask later. */
  open(): void;
  /** Settles when guest tools ask for the task, counted from this call. */
  nextAsk(): Promise<void>;
  /** Puts the gate before the endpoint that hands out the task. */
  guard(endpoint: Endpoint): Endpoint;
}

export function createTaskGate(): TaskGate {
  let isOpen = false;
  const waiting = new Set<() => void>();
  let asked = Promise.withResolvers<void>();
  return {
    open: () => {
      isOpen = true;
      for (const answer of waiting) answer();
      waiting.clear();
    },
    nextAsk: () => asked.promise,
    guard: (endpoint) => ({
      ...endpoint,
      handle: (request, response, exchange) => {
        asked.resolve();
        asked = Promise.withResolvers();
        if (isOpen) return endpoint.handle(request, response, exchange);
        const answer = () => void endpoint.handle(request, response, exchange);
        waiting.add(answer);
        // Those that no longer wait, as tools that were replaced, get nothing.
        request.socket.once("close", () => waiting.delete(answer));
        response.once("close", () => waiting.delete(answer));
      },
    }),
  };
}
