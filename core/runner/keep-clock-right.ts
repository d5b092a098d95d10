import { toAppError } from "../../shared/errors/errors.ts";
import type { OnNote } from "../../shared/session/note.ts";
import { formatDuration } from "../../shared/text/format.ts";
import type { GuestActions } from "../metaservice/actions/guest-actions.ts";
import type { GuestClock } from "../time/guest-clock.ts";
import type { MachineControl } from "../vm/machine-control.ts";
import { setGuestClock } from "../vm/set-guest-clock.ts";

export interface ClockOptions {
  readonly machine: Pick<MachineControl, "clockIsRight">;
  readonly clock: Pick<GuestClock, "behind">;
  /** Absent if the guest tools can't be asked for actions, and so can't set the clock. */
  readonly actions?: Pick<GuestActions, "openShell"> | undefined;
  readonly onNote: OnNote;
}

/** A guest's clock that is less behind is left as it is. Milliseconds. */
const noticedLag = 2000;

/** Sets a guest's clock if it is behind. Disposing of it ends that. */
export interface ClockKeeper extends Disposable {
  /** @param isStillMeant asked when it was set: whether it is right then */
  setIfBehind(isStillMeant: () => boolean): Promise<void>;
}

export function keepClockRight({ machine, clock, actions, onNote }: ClockOptions): ClockKeeper {
  const ended = new AbortController();
  return {
    setIfBehind: async (isStillMeant) => {
      if (!actions || clock.behind() < noticedLag) return;
      try {
        const { behindSeconds } = await setGuestClock(actions, { signal: ended.signal, isFreeOfRules: true });

        if (!isStillMeant()) return;
        machine.clockIsRight();
        onNote(`The guest's clock was set: it was ${formatDuration(behindSeconds * 1000)} behind.`);
      } catch (error) {
        if (!ended.signal.aborted && isStillMeant())
          onNote(
            `The guest's clock could not be set: ${toAppError(error).message}. tinsmith power set-clock tries it again.`,
          );
      }
    },
    [Symbol.dispose]: () => ended.abort(),
  };
}
