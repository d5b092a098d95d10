import { toAppError } from "../../shared/errors/errors.ts";
import type { OnNote } from "../../shared/session/note.ts";
import { formatDuration } from "../../shared/text/format.ts";
import type { GuestActions } from "../metaservice/actions/guest-actions.ts";
import type { Holding, HoldingListener } from "../metaservice/rules/held-messages.ts";
import type { GuestClock } from "../time/guest-clock.ts";
import type { MachineControl } from "../vm/machine-control.ts";
import { setGuestClock } from "../vm/set-guest-clock.ts";

export interface BreakpointsOptions {
  readonly held: { onHolding(listener: HoldingListener): Disposable };
  readonly machine: Pick<MachineControl, "hold" | "clockIsRight">;
  readonly clock: Pick<GuestClock, "hold" | "behind">;
  /** Absent if the guest tools can't be asked for actions, and so can't set the clock. */
  readonly actions?: Pick<GuestActions, "openShell"> | undefined;
  readonly onNote: OnNote;
}

/** A guest's clock that is less behind is left as it is. Milliseconds. */
const noticedLag = 2000;

/**
 * Pauses a virtual machine while a breakpoint holds a message, or only the time limits, as the person wants. After the last
 * message, it sets the guest's clock, if that is behind.
 */
export function followBreakpoints({ held, machine, clock, actions, onNote }: BreakpointsOptions): Disposable {
  const ended = new AbortController();
  let pauses = 0;
  const setClock = async (asked: Pick<GuestActions, "openShell">, before: number) => {
    try {
      const { behindSeconds } = await setGuestClock(asked, { signal: ended.signal, isFreeOfRules: true });
      // A pause meanwhile has put it behind again.
      if (pauses !== before) return;
      machine.clockIsRight();
      onNote(`The guest's clock was set: it was ${formatDuration(behindSeconds * 1000)} behind.`);
    } catch (error) {
      if (!ended.signal.aborted)
        onNote(
          `The guest's clock could not be set: ${toAppError(error).message}. tinsmith power set-clock tries it again.`,
        );
    }
  };
  const follow = async (holding: Holding, rule: string | undefined) => {
    // In this order no time limit counts in between.
    if (holding === "run") clock.hold(true);
    if (holding === "pause") pauses += 1;
    const before = pauses;
    await machine.hold(holding === "pause" ? rule : undefined);
    if (holding !== "run") clock.hold(false);
    const isOver = holding === "nothing" && pauses === before;
    if (isOver && actions && clock.behind() >= noticedLag) await setClock(actions, before);
  };
  // A QEMU that is about to leave can be neither stopped nor continued.
  const listening = held.onHolding((holding, rule) => void follow(holding, rule).catch(() => {}));
  return {
    [Symbol.dispose]: () => {
      listening[Symbol.dispose]();
      ended.abort();
    },
  };
}
