import type { KeyboardLayout, Stroke } from "../../../shared/keyboard-layout.ts";

/** X's numbers of the keys that choose what else stands on a key. */
const modifierKeys = { shift: [0xffe1, 0xffe2], altgr: [0xfe03] } as const;
const modifiers = ["shift", "altgr"] as const;
type Modifier = keyof typeof modifierKeys;
type Modifiers = Pick<Stroke, Modifier>;

/** A key goes down or up: what it means to the person's keyboard, and where it is on that. */
export type KeyEventHandler = (keysym: number, code: string | null, down: boolean) => void;

interface LayoutKeyboardOptions {
  readonly layout: KeyboardLayout;
  /** Sends a key to QEMU, which finds it by its keysym and the same layout. */
  readonly send: KeyEventHandler;
  /** Types a character that QEMU can't find so. */
  readonly typeText: (text: string) => void;
  /** The character that the key gives which is going down just now, with the lock of capitals as it is. */
  readonly pressed: () => { readonly character: string; readonly isCapsLockOn: boolean };
}

/** X numbers keys that give no character in this range. */
const functionKeys = { first: 0xfe00, last: 0xffff } as const;

/**
 * Presses the keys of the guest's layout that give what the person's keyboard gave. Where the two agree on a key's
 * modifiers, it is pressed and let go as the person does it; else it is tapped, with the modifiers that it needs.
 */
export function createLayoutKeyboard({
  layout,
  send,
  typeText,
  pressed,
}: LayoutKeyboardOptions): KeyEventHandler {
  /** The modifiers that the person holds, by their keys. */
  const held = new Map<string | null, { readonly modifier: Modifier; readonly keysym: number }>();
  /** Keys that were tapped when they went down: when they come up, there is nothing to do. */
  const tapped = new Set<string | null>();
  const isHeld = (wanted: Modifier) => [...held.values()].some(({ modifier }) => modifier === wanted);

  /** Makes the guest's modifiers differ from the person's, or the same again. */
  const adjust = (wanted: Modifiers, isBack: boolean) => {
    for (const modifier of isBack ? modifiers.toReversed() : modifiers) {
      if (wanted[modifier] === isHeld(modifier)) continue;
      if (wanted[modifier]) send(modifierKeys[modifier][0], null, !isBack);
      else for (const [code, key] of held) if (key.modifier === modifier) send(key.keysym, code, isBack);
    }
  };
  const tap = (stroke: Stroke, wanted: Modifiers) => {
    adjust(wanted, false);
    send(stroke.keysym ?? 0, null, true);
    send(stroke.keysym ?? 0, null, false);
    adjust(wanted, true);
  };

  return (keysym, code, down) => {
    if (keysym === 0) return;
    const modifier = modifierOf(keysym);
    if (modifier && down) held.set(code, { modifier, keysym });
    else if (modifier) held.delete(code);
    if (!down && tapped.delete(code)) return;
    const { character, isCapsLockOn } = pressed();
    const isCharacter = keysym < functionKeys.first || keysym > functionKeys.last;
    const strokes = (isCharacter && layout.strokes[character]) || [];
    if (!down || strokes.length === 0) return send(keysym, code, down);
    const modifiersOf = (stroke: Stroke): Modifiers => {
      const isReversed = isCapsLockOn && character.toLowerCase() !== character.toUpperCase();
      return { shift: stroke.shift !== isReversed, altgr: stroke.altgr };
    };
    const [first] = strokes;
    const isSame = first !== undefined && modifiers.every((one) => modifiersOf(first)[one] === isHeld(one));
    if (strokes.every((stroke) => stroke.keysym !== undefined)) {
      if (strokes.length === 1 && isSame) return send(keysym, code, true);
      for (const stroke of strokes) tap(stroke, modifiersOf(stroke));
    } else typeText(character);
    tapped.add(code);
  };
}

function modifierOf(keysym: number): Modifier | undefined {
  return modifiers.find((one) => (modifierKeys[one] as readonly number[]).includes(keysym));
}
