import keysyms from "keysym";
import type { KeyboardLayout, Stroke } from "../../../shared/machine/keyboard-layout.ts";
import { composeCharacter, isMark } from "./dead-keys.ts";
import { findReleases } from "./release-keysym.ts";

/** Names that the list of X's keysyms, which is from 2011, lacks: keysym and character. */
const newerNames: Readonly<Record<string, number>> = {
  Oslash: 0xd8,
  guillemetleft: 0xab,
  guillemetright: 0xbb,
  ordmasculine: 0xba,
};

/** The content of one line of a keymap. */
interface KeymapEntry {
  readonly stroke: Stroke;
  /** The symbol's meaning: a character, or the combining mark of a dead key. */
  readonly text: string;
}

/** Keysyms of characters whose names QEMU's VNC server does not know (seen with 7.2), by the blocks of X's tables. */
const unknownToQemu: ReadonlySet<number> = new Set([
  // Arabic.
  ...[0x5a5, 0x5a8, 0x5a9, 0x5b0, 0x5b1, 0x5b2, 0x5b3, 0x5b4, 0x5b5, 0x5b6, 0x5b7, 0x5b8, 0x5b9],
  ...[0x5f6, 0x5f7, 0x5f9],
  // Greek.
  ...[0x7d0, 0x7ec, 0x7f0],
  // Of mathematics and print.
  ...[0x8bc, 0x8bd, 0x8be, 0x8c2, 0x8de, 0x8df, 0xaa9, 0xaae, 0xad0, 0xad1, 0xafd],
  // Letters of the Caucasus and of Vietnam.
  ...[0x16c6, 0x16f6],
]);

/** Keys for control characters, at the same places in every layout. */
const controlKeys: Readonly<Record<string, Stroke>> = {
  "\n": { scanCode: 0x1c, keysym: 0xff0d, shift: false, altgr: false },
  "\t": { scanCode: 0x0f, keysym: 0xff09, shift: false, altgr: false },
};

/** The letters that a dead key may change; a space gives its mark by itself. */
const baseLetters = [..." abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"];

/**
 * Reads one of QEMU's keymaps, which say for each keysym which key gives it.
 *
 * @param include gives the text of another keymap, which some of them begin with.
 */
export function parseKeymap(name: string, text: string, include: (name: string) => string): KeyboardLayout {
  const entries = readEntries(text, include);
  const strokes = new Map(Object.entries(controlKeys).map(([key, stroke]) => [key, [stroke]]));
  const offer = (character: string, keys: readonly Stroke[]) => {
    const known = strokes.get(character);
    if (!known || effort(keys) < effort(known)) strokes.set(character, [...keys]);
  };
  for (const { stroke, text } of entries.filter(({ text }) => !isMark(text))) offer(text, [stroke]);
  for (const dead of entries.filter(({ text }) => isMark(text)))
    for (const letter of baseLetters) {
      const base = strokes.get(letter);
      const composed = composeCharacter(dead.text, letter);
      if (base?.length === 1 && composed !== undefined) offer(composed, [dead.stroke, ...base]);
    }
  const found = Object.fromEntries(strokes);
  const known = entries.map(({ stroke }) => stroke).filter((stroke) => isKnownToQemu(stroke, found));
  const releaseOf = findReleases(known);
  const complete = (stroke: Stroke): Stroke => {
    const release = isKnownToQemu(stroke, found) ? releaseOf(stroke) : undefined;
    if (release === undefined) return withoutKeysym(stroke);
    return release === stroke.keysym ? stroke : { ...stroke, release };
  };
  return { name, strokes: mapValues(found, (keys) => keys.map(complete)) };
}

/** QEMU looks for a capital's key by its small letter, which is elsewhere on a Turkish keyboard. */
function isKnownToQemu({ keysym, scanCode }: Stroke, strokes: KeyboardLayout["strokes"]): boolean {
  if (keysym === undefined) return false;
  const [capital] = /^[A-Z]$/.exec(String.fromCharCode(keysym)) ?? [];
  const isElsewhere = capital !== undefined && strokes[capital.toLowerCase()]?.[0]?.scanCode !== scanCode;
  return !unknownToQemu.has(keysym) && !isElsewhere;
}

function withoutKeysym({ keysym: _, ...stroke }: Stroke): Stroke {
  return stroke;
}

/**
 * Adds the keys of another layout that this one lacks: a person who works with non-Latin letters has both on the same
 * keyboard, and switches the guest between them.
 */
export function completeLayout(layout: KeyboardLayout, latin: KeyboardLayout): KeyboardLayout {
  const borrowed = mapValues(latin.strokes, (keys) => keys.map(withoutKeysym));
  return { name: layout.name, strokes: { ...borrowed, ...layout.strokes } };
}

function mapValues<Value, Result>(
  record: Readonly<Record<string, Value>>,
  change: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/** Fewer keys are better, then fewer modifiers. */
function effort(keys: readonly Stroke[]): number {
  return keys.reduce((sum, { shift, altgr }) => sum + 4 + Number(shift) + 2 * Number(altgr), 0);
}

function readEntries(text: string, include: (name: string) => string): readonly KeymapEntry[] {
  return text.split("\n").flatMap((line) => {
    const [word = "", value = "", ...flags] = line.trim().split(/\s+/);
    if (word === "include") return readEntries(include(value), include);
    const scanCode = Number(value);
    // Those with numlock are on the keypad, which types nothing that the other keys don't.
    if (word === "" || word.startsWith("#") || !Number.isInteger(scanCode) || flags.includes("numlock"))
      return [];
    const symbol = findSymbol(word);
    if (!symbol) return [];
    const entry = (shift: boolean, { keysym, text } = symbol): KeymapEntry => ({
      stroke: { scanCode, keysym, shift, altgr: flags.includes("altgr") },
      text,
    });
    const upper = flags.includes("addupper") && findSymbol(word.toUpperCase());
    return [entry(flags.includes("shift")), ...(upper ? [entry(true, upper)] : [])];
  });
}

interface KeySymbol {
  /** Absent where QEMU does not find the key by it. */
  readonly keysym: number | undefined;
  readonly text: string;
}

/** The meaning of one of X's names, if it is a character or a dead key. */
function findSymbol(name: string): KeySymbol | undefined {
  const [, prefix, hexadecimal] = /^(U|0x0100)([0-9A-Fa-f]{4,6})$/.exec(name) ?? [];
  const character = newerNames[name] ?? (hexadecimal && Number.parseInt(hexadecimal, 16));
  if (character) {
    // QEMU takes the lower 16 bits of a viewer's keysym, and all 32 of such a name.
    const keysym = prefix === "0x0100" ? undefined : keysymOf(character);
    return { keysym, text: String.fromCodePoint(character) };
  }
  const found = name.startsWith("KP_") ? undefined : keysyms.fromName(name);
  // Below a space are Return and similar keys, which are not characters of a line.
  if (!found || found.unicode < 0x20 || found.unicode === 0x7f) return undefined;
  return { keysym: found.keysym, text: String.fromCodePoint(found.unicode) };
}

/** The first of the numbers of characters that have no older one of their own. */
const firstNewer = 0x01000000;

/** The character that a keysym types, or the combining mark of a dead key; undefined for any other key. */
export function textOfKeysym(keysym: number): string | undefined {
  const isLatin1 = keysym >= 0x20 && keysym < 0x100;
  const unicode = isLatin1
    ? keysym
    : keysym > firstNewer && keysym <= firstNewer + 0x10ffff
      ? keysym - firstNewer
      : (keysyms.fromKeysym(keysym)?.unicode ?? 0);
  return unicode < 0x20 || (unicode >= 0x7f && unicode < 0xa0) ? undefined : String.fromCodePoint(unicode);
}

/** X numbers Latin-1 as Unicode does, and all that has no older number of its own from here on. */
function keysymOf(character: number): number {
  return character < 0x100 ? character : firstNewer + character;
}
