/** The observer of work that waits. */
interface WaitingObserver {
  readonly signal: AbortSignal;
  /** Called with the reason why the work can't start, each time that it is another. */
  readonly onWait: (reason: string) => void;
}

interface Turn<Work> {
  readonly work: Work;
  readonly observer: WaitingObserver;
  readonly start: () => void;
  reason?: string;
}

interface LineOptions<Work> {
  /** The reason why work can't start now; undefined if it can, which counts it as running. */
  readonly reasonToWait: (work: Work) => string | undefined | Promise<string | undefined>;
  /** Milliseconds after which the line is looked at again, without an event. */
  readonly interval: number;
}

/** The first turns of the line are asked for; those behind wait for them. A small build may overtake a large one. */
const asked = 8;
const behindOthers = "the builds before it";
const paused = "a person: the matrix is paused";

/** Lets work start as soon as there is room for it, in the order in which it came as far as it fits. */
export class WaitingLine<Work> {
  readonly #options: LineOptions<Work>;
  readonly #turns = new Set<Turn<Work>>();
  #isPaused = false;
  #isLooking = false;
  #hasChanged = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LineOptions<Work>) {
    this.#options = options;
  }

  /** While it is paused, nothing starts. */
  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.look();
  }

  /** Waits until work can start. @throws the signal's reason when it aborts before */
  async enter(work: Work, observer: WaitingObserver): Promise<void> {
    const { signal } = observer;
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const turn: Turn<Work> = { work, observer, start: resolve };
    const leave = () => {
      this.#turns.delete(turn);
      reject(signal.reason);
    };
    signal.addEventListener("abort", leave, { once: true });
    this.#turns.add(turn);
    this.look();
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  /** Looks which work can start: something has changed. */
  look(): void {
    this.#hasChanged = true;
    if (!this.#isLooking) void this.#lookUntilNothingChanges();
  }

  async #lookUntilNothingChanges(): Promise<void> {
    this.#isLooking = true;
    clearTimeout(this.#timer);
    while (this.#hasChanged) {
      this.#hasChanged = false;
      await this.#lookOnce();
    }
    this.#isLooking = false;
    if (this.#turns.size > 0) this.#timer = setTimeout(() => this.look(), this.#options.interval);
  }

  async #lookOnce(): Promise<void> {
    let refused = 0;
    for (const turn of [...this.#turns]) {
      if (!this.#turns.has(turn)) continue;
      const reason = this.#isPaused
        ? paused
        : refused >= asked
          ? behindOthers
          : await this.#options.reasonToWait(turn.work);
      // It may have left the line meanwhile.
      if (!this.#turns.has(turn)) continue;
      if (reason === undefined) {
        this.#turns.delete(turn);
        turn.start();
        // It has to count as running before the next one is asked for.
        await Promise.resolve();
        continue;
      }
      refused += 1;
      if (turn.reason === reason) continue;
      turn.reason = reason;
      turn.observer.onWait(reason);
    }
  }
}
