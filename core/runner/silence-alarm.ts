import { AppError } from "../../shared/errors/errors.ts";
import { protocolLimits } from "../../shared/limits.ts";
import type { OnNote } from "../../shared/session/note.ts";
import type { GuestClock } from "../time/guest-clock.ts";

/** An emulated guest boots in seconds to minutes; after this time without any request none will come. Milliseconds. */
const firstRequestTimeout = 15 * 60_000;

/** Most guests have booted in this time, also emulated ones. Milliseconds of the guest's time. */
const usualBoot = 60_000;

/**
 * Tells a person who waits for guest tools that do not come, and would be silent until they are given up, how to look.
 *
 * @param serialLog the file with the output of the guest's serial console
 * @returns to be disposed of when the guest tools start
 */
export function noteLateStart(
  clock: Pick<GuestClock, "after">,
  serialLog: string,
  onNote: OnNote,
): Disposable {
  return clock.after(usualBoot, () =>
    onNote(
      `The guest tools have not started within ${usualBoot / 1000} s: the guest still boots, or has stopped on the way. Look at its screen (tinsmith screen) and its console: ${serialLog}`,
    ),
  );
}

/** Whether anything was heard, and whether the guest has booted. */
export interface SilenceState {
  readonly heard: boolean;
  readonly hasBooted: boolean;
}

/** Aborts its signal with `guest-tools-lost` when the guest tools have not been heard of for too long. */
export class SilenceAlarm implements Disposable {
  readonly #controller = new AbortController();
  readonly #onFirst: () => void;
  readonly #advice: string;
  readonly #clock: GuestClock;
  #heard: boolean;
  #hasBooted: boolean;
  #alarm: Disposable;

  /**
   * @param onFirst called at the first sign of life.
   * @param advice what to do when the guest tools are lost.
   * @param clock the guest's, which stops while the guest can't be heard.
   * @param state that of an earlier one, which it takes the place of.
   */
  constructor(
    onFirst: () => void,
    advice: string,
    clock: GuestClock,
    state: SilenceState = { heard: false, hasBooted: false },
  ) {
    this.#heard = state.heard;
    this.#hasBooted = state.hasBooted;
    this.#onFirst = onFirst;
    this.#advice = advice;
    this.#clock = clock;
    this.#alarm = this.#start();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  state(): SilenceState {
    return { heard: this.#heard, hasBooted: this.#hasBooted };
  }

  /** To be called at each sign of life. */
  postpone(): void {
    if (!this.#heard) this.#onFirst();
    this.#heard = true;
    this.#hasBooted = true;
    this.#restart();
  }

  /** To be called when the virtual machine is reset: the guest gets the time to boot again. */
  awaitBoot(): void {
    this.#hasBooted = false;
    this.#restart();
  }

  [Symbol.dispose](): void {
    this.#alarm[Symbol.dispose]();
  }

  #restart(): void {
    this.#alarm[Symbol.dispose]();
    this.#alarm = this.#start();
  }

  #start(): Disposable {
    const timeout = this.#hasBooted ? protocolLimits.silenceTimeout : firstRequestTimeout;
    const what = this.#hasBooted ? "fell silent" : "did not start";
    const lost = () =>
      new AppError({
        code: "guest-tools-lost",
        message: `the guest tools ${what}: no request for ${timeout / 1000} s`,
        advice: this.#advice,
      });
    return this.#clock.after(timeout, () => this.#controller.abort(lost()));
  }
}
