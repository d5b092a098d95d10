/** Tells those who watch something that it has probably changed. */
export interface Pulse {
  /** Settles at the next beat. */
  next(): Promise<void>;
  beat(): void;
}

export function createPulse(): Pulse {
  let { promise, resolve } = Promise.withResolvers<void>();
  return {
    next: () => promise,
    beat: () => {
      resolve();
      ({ promise, resolve } = Promise.withResolvers<void>());
    },
  };
}
