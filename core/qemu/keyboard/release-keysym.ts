import type { Stroke } from "../../../shared/machine/keyboard-layout.ts";

/**
 * Finds keysyms by which QEMU's VNC server releases keys.
 *
 * If several keys give a keysym, the server presses the one whose modifiers are held. To release a key, it looks for one that is
 * down, but never finds those with modifiers, and then takes the first key of the keymap: the pressed key would stay down (seen with
 * QEMU 7.2). A key is then released by another of its keysyms.
 *
 * @param strokes all of a keymap, in its order
 * @returns a function that gives the keysym for a key; undefined when there is none
 */
export function findReleases(strokes: readonly Stroke[]): (stroke: Stroke) => number | undefined {
  const byKeysym = Map.groupBy(strokes, ({ keysym }) => lowerCase(keysym));
  const releasesItself = ({ keysym, scanCode }: Stroke) => {
    const all = byKeysym.get(lowerCase(keysym)) ?? [];
    const isPlain = (other: Stroke) => other.scanCode === scanCode && !other.shift && !other.altgr;
    return all.some(isPlain) || all[0]?.scanCode === scanCode;
  };
  return (stroke) => {
    if (releasesItself(stroke)) return stroke.keysym;
    return strokes.find((other) => other.scanCode === stroke.scanCode && releasesItself(other))?.keysym;
  };
}

/** QEMU looks for capitals of ASCII by their small letters. */
function lowerCase(keysym: number | undefined): number | undefined {
  const isCapital = keysym !== undefined && keysym >= 0x41 && keysym <= 0x5a;
  return isCapital ? keysym + 0x20 : keysym;
}
