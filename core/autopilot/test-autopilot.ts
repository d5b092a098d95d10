import { onTestFinished } from "vitest";
import type { InstallEvent } from "../../shared/recipe/install-state.ts";
import type { ScreenText } from "../../shared/screen/screen-text.ts";
import type { Picture } from "../recording/ppm.ts";
import { startGuestClock } from "../time/guest-clock.ts";
import type { ScreenPlace } from "../vm/screen-pointer.ts";
import { createAutopilot } from "./autopilot.ts";
import type { TestGuest } from "./console/test-guest.ts";
import type { InstallScript } from "./install-script.ts";
import { findTypedValues } from "./typed-values.ts";

const values = findTypedValues([], { variables: {}, env: {} });

/** A virtual machine with that guest on its serial port. It notes what is done to it, and its screen shows what is set. */
export function machineOf(serial: TestGuest) {
  const done: string[] = [];
  const note = (text: string) => done.push(text);
  const machine = {
    done,
    screen: { kind: "graphics" } as ScreenText,
    picture: { width: 1, height: 1, pixels: Buffer.alloc(3) } as Picture,
    onTyped: (_text: string) => {},
    serial,
    control: {
      screenText: async () => machine.screen,
      screenPicture: async () => machine.picture,
      click: async ({ x, y }: ScreenPlace) => void note(`click ${x}, ${y}`),
      typeText: async (text: string) => {
        note(`type ${JSON.stringify(text)}`);
        machine.onTyped(text);
      },
      pressKeys: async (keys: readonly string[]) => void note(`press ${keys.join(" ")}`),
      insertCd: async (path: string) => void note(`insert ${path}`),
      ejectCd: async () => void note("eject"),
      reset: async () => void note("reset"),
      checkpoints: {
        make: async (name: string) => {
          note(`checkpoint ${name}`);
          return { name, time: 0, size: 0 };
        },
        delete: async () => {},
      },
    },
  };
  return machine;
}

type Machine = ReturnType<typeof machineOf>;
export type Options = Parameters<typeof createAutopilot>[2];

/** Begins the steps. @returns the autopilot, its events, and a promise that settles when all steps are done */
export function begin(
  machine: Machine,
  script: Partial<InstallScript> & Pick<InstallScript, "steps">,
  given: Partial<Options> = {},
) {
  const end = new AbortController();
  const done = Promise.withResolvers<void>();
  const events: InstallEvent[] = [];
  const autopilot = createAutopilot(
    machine,
    { console: "serial", folder: "/recipe", values, ...script },
    {
      signal: AbortSignal.any([end.signal, given.signal ?? end.signal]),
      clock: startGuestClock(),
      report: (event) => events.push(event),
      onMatch: () => {},
      onDone: done.resolve,
      keepsFailed: () => false,
      save: async () => {},
      ...given,
    },
  );
  autopilot.run().catch(done.reject);
  done.promise.catch(() => {});
  onTestFinished(() => {
    end.abort();
    autopilot[Symbol.dispose]();
  });
  return { ...autopilot, events, done: done.promise };
}
