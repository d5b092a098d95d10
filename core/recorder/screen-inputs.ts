import type { KeyboardLayout } from "../../shared/machine/keyboard-layout.ts";
import type { GuestInput } from "../../shared/recorder/guest-input.ts";
import type { ViewerEvent } from "../qemu/keyboard/client-messages.ts";
import { composeCharacter, isMark } from "../qemu/keyboard/dead-keys.ts";
import { nameOfKeysym, nameOfScanCode } from "../qemu/keyboard/key-names.ts";
import { textOfKeysym } from "../qemu/keyboard/keymap.ts";

/** Turns what a person does on a screen into the guest's inputs. */
export interface ScreenInputs {
  /** @returns the input that the guest gets with that event, if it is one */
  take(event: ViewerEvent): GuestInput | undefined;
}

/** The keys that are held with others, by X's keysyms and QEMU's names. */
const modifiers: ReadonlyMap<number, string> = new Map([
  [0xffe1, "shift"],
  [0xffe2, "shift"],
  [0xffe3, "ctrl"],
  [0xffe4, "ctrl"],
  [0xffe7, "meta_l"],
  [0xffe8, "meta_l"],
  [0xffe9, "alt"],
  [0xffea, "alt"],
  [0xffeb, "meta_l"],
  [0xffec, "meta_l"],
  // AltGr.
  [0xfe03, "alt_r"],
]);
/** Those which make commands of other keys. */
const commanding = ["ctrl", "alt", "meta_l"] as const;
/** Those which choose a key's further symbols: they are in a text, and in combinations beside the key. */
const choosing = ["shift", "alt_r"] as const;
/** Guests do something for these alone, such as open a menu. */
const lonely: ReadonlySet<string> = new Set(["alt", "meta_l"]);
const leftButton = 1;

/**
 * A character is an input as the text that the guest gets of it: with Shift, AltGr, dead keys and the locks of capitals and numbers. A
 * key of another kind, and keys that are pressed together with Ctrl, Alt or the Windows key, are inputs by QEMU's names. So is Alt
 * or the Windows key, once it is let go, if no other key went down meanwhile. A press of the left mouse button is a click.
 * Nothing else is an input: other buttons, moves of the pointer, and where a button goes up.
 *
 * @param layout the guest's: it has the places of the characters' keys
 */
export function createScreenInputs(layout: KeyboardLayout): ScreenInputs {
  /** The modifiers that are down, by their keysyms, in the order in which they went down. */
  const held = new Map<number, string>();
  let alone: number | undefined;
  let mark: string | undefined;
  let buttons = 0;

  const isHeld = (name: string) => [...held.values()].includes(name);
  const changeModifier = (keysym: number, name: string, isDown: boolean): GuestInput | undefined => {
    if (isDown) {
      alone = held.size === 0 || (held.size === 1 && held.has(keysym)) ? keysym : undefined;
      held.set(keysym, name);
      return undefined;
    }
    const wasAlone = held.delete(keysym) && alone === keysym;
    alone = undefined;
    return wasAlone && lonely.has(name) ? { console: "screen", keys: [name] } : undefined;
  };

  const press = (keysym: number): GuestInput | undefined => {
    const commands = commanding.filter(isHeld);
    const name = nameOfKeysym(keysym);
    const text = textOfKeysym(keysym);
    const before = mark;
    mark = undefined;
    const isCommand = commands.length > 0;
    const key = name ?? (isCommand && text !== undefined ? keyOf(text, layout) : undefined);
    if (key !== undefined) return { console: "screen", keys: [...commands, ...choosing.filter(isHeld), key] };
    if (text === undefined || isCommand) return undefined;
    if (isMark(text)) {
      mark = text;
      return undefined;
    }
    return { console: "screen", text: (before && composeCharacter(before, text)) ?? text };
  };

  return {
    take: (event) => {
      if (event.type === "pointer") {
        const pressed = event.buttons & ~buttons;
        buttons = event.buttons;
        if (pressed !== 0) alone = undefined;
        return pressed & leftButton ? { act: "click", x: event.x, y: event.y } : undefined;
      }
      const modifier = modifiers.get(event.keysym);
      if (modifier !== undefined) return changeModifier(event.keysym, modifier, event.isDown);
      if (!event.isDown) return undefined;
      alone = undefined;
      return press(event.keysym);
    },
  };
}

/** QEMU's name of the key that gives a character in a combination, whose capitals are on the same keys. */
function keyOf(character: string, layout: KeyboardLayout): string | undefined {
  const [stroke] = layout.strokes[character] ?? layout.strokes[character.toLowerCase()] ?? [];
  return stroke && nameOfScanCode(stroke.scanCode);
}
