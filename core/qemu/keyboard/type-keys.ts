import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../../shared/errors/errors.ts";
import type { KeyboardLayout, Stroke } from "../../../shared/machine/keyboard-layout.ts";
import type { QmpClient } from "../process/qmp-client.ts";

/**
 * The emulated keyboards hold 16 events, and a guest fetches one every 8 to 10 ms: faster events are lost. A guest
 * that does not get to it for 16 times this long still loses nothing. Milliseconds.
 */
const keyPace = 15;

/** The keys that are held for a key's further symbols. */
const modifiers = { shift: 0x2a, altgr: 0xb8 } as const;
type Modifier = keyof typeof modifiers;

/** One key going down or up, by its scan code, or by QEMU's name for it. */
export interface KeyEvent {
  readonly key: number | string;
  readonly down: boolean;
}

/**
 * The key events that type a text. Modifiers stay down from one character to the next that needs them, as fingers do
 * it.
 *
 * @throws AppError `usage` when the layout has no keys for some of the characters; then nothing should be typed
 */
export function keyEventsOf(text: string, layout: KeyboardLayout): readonly KeyEvent[] {
  const characters = [...text.normalize("NFC").replaceAll(/\r\n?/g, "\n")];
  const missing = new Set(characters.filter((character) => !layout.strokes[character]));
  if (missing.size > 0) throw noKeys([...missing], layout.name);
  const events: KeyEvent[] = [];
  const held = { shift: false, altgr: false };
  const hold = (wanted: Pick<Stroke, Modifier>) => {
    for (const modifier of ["shift", "altgr"] as const) {
      if (held[modifier] !== wanted[modifier])
        events.push({ key: modifiers[modifier], down: wanted[modifier] });
      held[modifier] = wanted[modifier];
    }
  };
  for (const stroke of characters.flatMap((character) => layout.strokes[character] ?? [])) {
    hold(stroke);
    events.push({ key: stroke.scanCode, down: true }, { key: stroke.scanCode, down: false });
  }
  hold({ shift: false, altgr: false });
  return events;
}

/**
 * Presses keys together, by QEMU's names for them, in one command: no busy guest repeats one, and no viewer of the screen that leaves
 * it lets a key go in between.
 */
export async function pressChord(qmp: QmpClient, keys: readonly string[]): Promise<void> {
  const down = keys.map((key) => ({ key, down: true }));
  const up = keys.toReversed().map((key) => ({ key, down: false }));
  await sendKeys(qmp, [...down, ...up]);
}

async function sendKeys(qmp: QmpClient, events: readonly KeyEvent[]): Promise<void> {
  await qmp.execute("input-send-event", {
    events: events.map(({ key, down }) => ({
      type: "key",
      data: { down, key: { type: typeof key === "number" ? "number" : "qcode", data: key } },
    })),
  });
}

/**
 * Types keys no faster than a guest takes them. No key stays down, even after an error.
 *
 * @param options.whenRunning settles when the guest runs: keys that a guest gets while it is paused are lost.
 * @throws the signal's reason when it aborts
 */
export async function typeKeys(
  qmp: QmpClient,
  events: readonly KeyEvent[],
  { signal, whenRunning }: { readonly signal: AbortSignal; readonly whenRunning: () => Promise<void> },
): Promise<void> {
  const down = new Set<number | string>();
  try {
    for (const stroke of strokesOf(events)) {
      await whenRunning();
      signal.throwIfAborted();
      for (const event of stroke) {
        if (event.down) down.add(event.key);
        else down.delete(event.key);
      }
      await sendKeys(qmp, stroke);
      await delay(keyPace * stroke.length);
    }
  } finally {
    for (const key of down) await sendKeys(qmp, [{ key, down: false }]).catch(() => {});
  }
}

/** A key that goes up next goes up with the same event: a guest on a busy host would repeat it while it waits for that. */
function strokesOf(events: readonly KeyEvent[]): readonly (readonly KeyEvent[])[] {
  const strokes: KeyEvent[][] = [];
  for (const event of events) {
    const last = strokes.at(-1)?.at(-1);
    if (last?.down && !event.down && last.key === event.key) strokes.at(-1)?.push(event);
    else strokes.push([event]);
  }
  return strokes;
}

const shownCharacters = 20;

function noKeys(missing: readonly string[], layout: string): AppError {
  const shown = missing.slice(0, shownCharacters).map((character) => JSON.stringify(character));
  const more = missing.length > shownCharacters ? " and more" : "";
  return new AppError({
    code: "usage",
    message: `the keyboard layout ${layout} has no keys for ${shown.join(" ")}${more}: nothing was typed`,
    advice: "Leave them out, or give them to the guest by its serial console, a CD, or a file.",
  });
}
