/**
 * Time as a guest has it: it stops while the guest is paused, by a person or because the host lacks space. All code
 * that waits for a guest counts its time on this clock, so that no time limit ends during a pause.
 */
export interface GuestClock {
  /** Acts once this many milliseconds of the guest's time have passed, unless it is disposed of before. */
  after(milliseconds: number, act: () => void): Disposable;
  /** Acts each time that this many milliseconds of the guest's time have passed, until it is disposed of. */
  every(milliseconds: number, act: () => void): Disposable;
  /** Called when the guest is paused, and when it resumes. */
  suspend(stands: boolean): void;
  /** Stops it, or lets it run, while the guest itself runs on: for a message that is held. */
  hold(isHeld: boolean): void;
  /** Whether it is stopped. */
  isSuspended(): boolean;
  /** Calls back when that changes, until it is disposed of. */
  onSuspend(listener: (stands: boolean) => void): Disposable;
  /** Milliseconds of pauses since the guest's own clock was last known to be right. */
  behind(): number;
  /** To be called when the guest's own clock is right: it was set, or the guest boots. */
  setRight(): void;
  /** To be called when it is known by how many milliseconds the guest's own clock is behind. */
  setBehind(milliseconds: number): void;
  /** Milliseconds of the guest's time since it was started. */
  now(): number;
}

interface Alarm {
  readonly act: () => void;
  /** Milliseconds of the guest's time, counted from `started`. */
  left: number;
  started: number;
  timer?: NodeJS.Timeout;
}

export function startGuestClock(): GuestClock {
  const begun = performance.now();
  const alarms = new Set<Alarm>();
  const listeners = new Set<(stands: boolean) => void>();
  /** The start of a pause, while there is one. */
  let standsSince: number | undefined;
  let isHeld = false;
  const isStopped = () => isHeld || standsSince !== undefined;
  /** Its time when it was stopped or started last, and when that was. */
  let counted = { time: 0, since: begun };
  const now = () => counted.time + (isStopped() ? 0 : performance.now() - counted.since);
  /** Makes a change that may stop the clock, or let it run. */
  const change = (make: () => void) => {
    const wasStopped = isStopped();
    counted = { time: now(), since: performance.now() };
    make();
    if (isStopped() === wasStopped) return;
    alarms.forEach(wasStopped ? start : halt);
    for (const listener of listeners) listener(!wasStopped);
  };
  let stoodBefore = 0;
  const start = (alarm: Alarm) => {
    alarm.started = performance.now();
    alarm.timer = setTimeout(() => {
      alarms.delete(alarm);
      alarm.act();
    }, alarm.left);
  };
  const halt = (alarm: Alarm) => {
    clearTimeout(alarm.timer);
    alarm.left -= performance.now() - alarm.started;
  };
  const behind = () => stoodBefore + (standsSince === undefined ? 0 : performance.now() - standsSince);
  const after = (milliseconds: number, act: () => void): Disposable => {
    const alarm: Alarm = { act, left: milliseconds, started: 0 };
    alarms.add(alarm);
    if (!isStopped()) start(alarm);
    return {
      [Symbol.dispose]: () => {
        alarms.delete(alarm);
        clearTimeout(alarm.timer);
      },
    };
  };
  const setBehind = (milliseconds: number) => {
    stoodBefore = milliseconds;
    if (standsSince !== undefined) standsSince = performance.now();
  };
  return {
    after,
    every: (milliseconds, act) => {
      const again = () => {
        next = after(milliseconds, again);
        act();
      };
      let next = after(milliseconds, again);
      return { [Symbol.dispose]: () => next[Symbol.dispose]() };
    },
    suspend: (stands) => {
      if (stands === (standsSince !== undefined)) return;
      stoodBefore = behind();
      change(() => {
        standsSince = stands ? performance.now() : undefined;
      });
    },
    hold: (wanted) =>
      change(() => {
        isHeld = wanted;
      }),
    isSuspended: isStopped,
    onSuspend: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    behind,
    setRight: () => setBehind(0),
    setBehind,
    now,
  };
}
