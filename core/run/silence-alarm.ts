import { AppError } from "../../shared/errors.ts";

/** Guest tools poll every 30 s; after four times that, counted from their first request, they are lost. */
const silenceSeconds = 120;
/** An emulated guest boots in seconds to minutes; after this time without any request none will come. */
const firstRequestSeconds = 15 * 60;

/** Aborts its signal with `guest-tools-lost` when the guest tools have not been heard of for too long. */
export class SilenceAlarm implements Disposable {
  readonly #controller = new AbortController();
  readonly #onFirst: () => void;
  #heard = false;
  #suspended = false;
  #timer = this.#start();

  /** @param onFirst called at the first sign of life. */
  constructor(onFirst: () => void) {
    this.#onFirst = onFirst;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** To be called at each sign of life. */
  postpone(): void {
    if (!this.#heard) this.#onFirst();
    this.#heard = true;
    this.#restart();
  }

  /** A guest that is made to stand still can't be heard: its time starts anew when it goes on. */
  suspend(suspended: boolean): void {
    this.#suspended = suspended;
    this.#restart();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #restart(): void {
    clearTimeout(this.#timer);
    if (!this.#suspended) this.#timer = this.#start();
  }

  #start(): NodeJS.Timeout {
    const seconds = this.#heard ? silenceSeconds : firstRequestSeconds;
    const what = this.#heard ? "fell silent" : "did not start";
    return setTimeout(() => this.#controller.abort(guestToolsLost(seconds, what)), seconds * 1000);
  }
}

function guestToolsLost(seconds: number, what: string): AppError {
  return new AppError({
    code: "guest-tools-lost",
    message: `the guest tools ${what}: no request for ${seconds} s`,
    advice:
      "See the guest's last lines: do the guest tools start at boot, and does the guest get an address?",
  });
}
