/** Time as a guest has it: it stands still while the guest is made to, for want of space on the host for example. */
export interface GuestClock {
  /** Acts once so many milliseconds of the guest's time have passed, unless it is disposed of before. */
  after(milliseconds: number, act: () => void): Disposable;
  /** Called when the guest is made to stand still, and when it goes on. */
  suspend(stands: boolean): void;
}

interface Alarm {
  readonly act: () => void;
  /** Milliseconds of the guest's time, counted from `started`. */
  left: number;
  started: number;
  timer?: NodeJS.Timeout;
}

export function startGuestClock(): GuestClock {
  const alarms = new Set<Alarm>();
  let stands = false;
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
  return {
    after: (milliseconds, act) => {
      const alarm: Alarm = { act, left: milliseconds, started: 0 };
      alarms.add(alarm);
      if (!stands) start(alarm);
      return {
        [Symbol.dispose]: () => {
          alarms.delete(alarm);
          clearTimeout(alarm.timer);
        },
      };
    },
    suspend: (now) => {
      if (now === stands) return;
      stands = now;
      alarms.forEach(stands ? halt : start);
    },
  };
}
