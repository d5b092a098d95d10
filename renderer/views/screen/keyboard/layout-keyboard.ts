import type { KeyboardLayout, Stroke } from "../../../../shared/machine/keyboard-layout.ts";

/** X's numbers of the keys that choose a key's further symbols. */
const modifierKeys = { shift: [0xffe1, 0xffe2], altgr: [0xfe03] } as const;
const modifiers = ["shift", "altgr"] as const;
type Modifier = keyof typeof modifierKeys;
type Modifiers = Pick<Stroke, Modifier>;

/** A key is pressed or released: its meaning on the person's keyboard, and its place there. */
export type KeyEventHandler = (keysym: number, code: string | null, down: boolean) => void;

interface LayoutKeyboardOptions {
  /** The guest's, once it is known. */
  readonly layout: () => KeyboardLayout | undefined;
  /** Sends a key to QEMU, which finds it by its keysym and the same layout. */
  readonly send: KeyEventHandler;
  /** Types a character that QEMU can't find so. */
  readonly typeText: (text: string) => void;
  /** The character that the key gives which is going down just now, with the lock of capitals as it is. */
  readonly pressed: () => { readonly character: string; readonly isCapsLockOn: boolean };
}

/** X numbers keys that give no character in this range, and in it those that are held with others. */
const functionKeys = { first: 0xfe00, last: 0xffff } as const;
const heldKeys = { first: 0xffe1, last: 0xffee } as const;

/**
 * Presses the keys of the guest's layout that give the symbol of the person's keyboard, with the modifiers that they
 * need there.
 *
 * Only modifiers stay down as long as the person holds them. Any other key goes up at once: a guest repeats by itself
 * a key of a USB keyboard that stays down for a quarter of a second, and on a busy host it would hear that late of
 * its going up. A key that is held repeats as the person's own system repeats it.
 */
export function createLayoutKeyboard({
  layout,
  send,
  typeText,
  pressed,
}: LayoutKeyboardOptions): KeyEventHandler {
  /** The modifiers that the person holds, by their keys. */
  const held = new Map<string | null, { readonly modifier: Modifier; readonly keysym: number }>();
  const isHeld = (wanted: Modifier) => [...held.values()].some(({ modifier }) => modifier === wanted);

  /** Makes the guest's modifiers differ from the person's, or the same again. */
  const adjust = (wanted: Modifiers, isBack: boolean) => {
    for (const modifier of isBack ? modifiers.toReversed() : modifiers) {
      if (wanted[modifier] === isHeld(modifier)) continue;
      if (wanted[modifier]) send(modifierKeys[modifier][0], null, !isBack);
      else for (const [code, key] of held) if (key.modifier === modifier) send(key.keysym, code, isBack);
    }
  };
  const tap = (keysym: number, code: string | null, release = keysym) => {
    send(keysym, code, true);
    send(release, code, false);
  };
  const tapWith = ({ keysym = 0, release }: Stroke, wanted: Modifiers) => {
    adjust(wanted, false);
    tap(keysym, null, release);
    adjust(wanted, true);
  };

  return (keysym, code, down) => {
    if (keysym === 0) return;
    const modifier = modifierOf(keysym);
    if (modifier && down) held.set(code, { modifier, keysym });
    else if (modifier) held.delete(code);
    if (modifier || isBetween(keysym, heldKeys)) return send(keysym, code, down);
    if (!down) return;
    const { character, isCapsLockOn } = pressed();
    const strokes = (!isBetween(keysym, functionKeys) && layout()?.strokes[character]) || [];
    if (strokes.length === 0) return tap(keysym, code);
    if (strokes.some((stroke) => stroke.keysym === undefined)) return typeText(character);
    const isReversed = isCapsLockOn && character.toLowerCase() !== character.toUpperCase();
    for (const stroke of strokes)
      tapWith(stroke, { shift: stroke.shift !== isReversed, altgr: stroke.altgr });
  };
}

function isBetween(
  keysym: number,
  { first, last }: { readonly first: number; readonly last: number },
): boolean {
  return keysym >= first && keysym <= last;
}

function modifierOf(keysym: number): Modifier | undefined {
  return modifiers.find((one) => (modifierKeys[one] as readonly number[]).includes(keysym));
}
