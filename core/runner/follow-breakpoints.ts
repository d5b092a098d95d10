import type { Holding, HoldingListener } from "../metaservice/rules/held-messages.ts";
import type { GuestClock } from "../time/guest-clock.ts";
import type { MachineControl } from "../vm/machine-control.ts";
import { type ClockOptions, keepClockRight } from "./keep-clock-right.ts";

export interface BreakpointsOptions extends ClockOptions {
  readonly held: { onHolding(listener: HoldingListener): Disposable };
  readonly machine: Pick<MachineControl, "hold" | "clockIsRight">;
  readonly clock: Pick<GuestClock, "hold" | "behind">;
}

/**
 * Pauses a virtual machine while a breakpoint holds a message, or only the time limits, as the person wants. After the last
 * message, it sets the guest's clock, if that is behind.
 */
export function followBreakpoints(options: BreakpointsOptions): Disposable {
  const { held, machine, clock } = options;
  const keeper = keepClockRight(options);
  let pauses = 0;
  const follow = async (holding: Holding, rule: string | undefined) => {
    // In this order no time limit counts in between.
    if (holding === "run") clock.hold(true);
    if (holding === "pause") pauses += 1;
    const before = pauses;
    await machine.hold(holding === "pause" ? rule : undefined);
    if (holding !== "run") clock.hold(false);
    const isOver = holding === "nothing" && pauses === before;
    // A pause meanwhile puts it behind again.
    if (isOver) await keeper.setIfBehind(() => pauses === before);
  };
  // A QEMU that is about to leave can be neither stopped nor continued.
  const listening = held.onHolding((holding, rule) => void follow(holding, rule).catch(() => {}));
  return {
    [Symbol.dispose]: () => {
      listening[Symbol.dispose]();
      keeper[Symbol.dispose]();
    },
  };
}
