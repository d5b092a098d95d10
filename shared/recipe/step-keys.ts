import { z } from "zod";
import { guess } from "../errors/schema-issues.ts";

/** The keys that have a name in `keys`, with QEMU's name for each and what a terminal sends for it. */
export const namedKeys: Readonly<Record<string, { readonly qemu: string; readonly terminal: string }>> = {
  ret: { qemu: "ret", terminal: "\r" },
  tab: { qemu: "tab", terminal: "\t" },
  esc: { qemu: "esc", terminal: "\x1b" },
  spc: { qemu: "spc", terminal: " " },
  backspace: { qemu: "backspace", terminal: "\x7f" },
  delete: { qemu: "delete", terminal: "\x1b[3~" },
  up: { qemu: "up", terminal: "\x1b[A" },
  down: { qemu: "down", terminal: "\x1b[B" },
  right: { qemu: "right", terminal: "\x1b[C" },
  left: { qemu: "left", terminal: "\x1b[D" },
  home: { qemu: "home", terminal: "\x1b[H" },
  end: { qemu: "end", terminal: "\x1b[F" },
  pgup: { qemu: "pgup", terminal: "\x1b[5~" },
  pgdn: { qemu: "pgdn", terminal: "\x1b[6~" },
  ...Object.fromEntries(
    ["OP", "OQ", "OR", "OS", "[15~", "[17~", "[18~", "[19~", "[20~", "[21~", "[23~", "[24~"].map(
      (sequence, index) => [`f${index + 1}`, { qemu: `f${index + 1}`, terminal: `\x1b${sequence}` }],
    ),
  ),
};

/** QEMU's names of the keys of a virtual machine's keyboard: those of its type QKeyCode, as in QEMU 7.2. */
export const keyNames: readonly string[] = [
  "shift shift_r alt alt_r ctrl ctrl_r meta_l meta_r menu compose esc ret tab spc backspace insert delete",
  "home end pgup pgdn up down left right caps_lock num_lock scroll_lock print sysrq pause",
  "1 2 3 4 5 6 7 8 9 0 a b c d e f g h i j k l m n o p q r s t u v w x y z",
  "f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 f11 f12",
  "minus equal bracket_left bracket_right semicolon apostrophe grave_accent backslash comma dot slash less asterisk",
  "kp_0 kp_1 kp_2 kp_3 kp_4 kp_5 kp_6 kp_7 kp_8 kp_9 kp_divide kp_multiply kp_subtract kp_add kp_enter kp_decimal",
  "kp_comma kp_equals ro yen hiragana henkan muhenkan katakanahiragana lang1 lang2 lf",
  "stop again props undo front copy open paste find cut help power sleep wake",
  "audionext audioprev audiostop audioplay audiomute volumeup volumedown mediaselect mail calculator computer",
  "ac_home ac_back ac_forward ac_refresh ac_bookmarks",
].flatMap((names) => names.split(" "));

/** Other programs' names of keys, and QEMU's. */
const otherNames: Readonly<Record<string, string>> = {
  ...{ return: "ret", enter: "ret", space: "spc", escape: "esc", control: "ctrl", bs: "backspace" },
  ...{ del: "delete", ins: "insert", pageup: "pgup", pagedown: "pgdn", altgr: "alt_r" },
  ...{ super: "meta_l", win: "meta_l", meta: "meta_l" },
};

/** The place where the names are listed, for a name that is like none of them. */
const knownKeys =
  "; known are a to z, 0 to 9, f1 to f12, ret, tab, spc, esc, ctrl, alt, shift and QEMU's others";

/** A key of the virtual machine's keyboard. */
export const keyNameSchema = z
  .string("must be QEMU's name of a key, in quotes if it is a digit")
  .superRefine((name, context) => {
    if (!keyNames.includes(name)) context.addIssue(`must be QEMU's name of a key${guessKey(name, keyNames)}`);
  });

/** A text of `keys`, which names only known keys. */
export const keysTextSchema = z
  .string({ error: "must be a text with keys such as <ret>" })
  .min(1, "must be a text with keys such as <ret>")
  .superRefine((text, context) => {
    const known = Object.keys(namedKeys);
    const [unknown, ...others] = partsOfKeys(text).flatMap((part) =>
      "key" in part && !Object.hasOwn(namedKeys, part.key) ? [part.key] : [],
    );
    if (unknown === undefined) return;
    const names = [unknown, ...others].map((name) => `<${name}>`).join(", ");
    context.addIssue(
      `has no keys that are called ${names}${others.length === 0 ? guessKey(unknown, known) : ""}`,
    );
  });

function guessKey(name: string, known: readonly string[]): string {
  const other = otherNames[name.toLowerCase()];
  if (other !== undefined && known.includes(other)) return `; did you mean ${other}?`;
  return guess(name, known) || (known === keyNames ? knownKeys : "");
}

/** A part of `keys`: a text, or a key by its name. */
export type KeyPart = { readonly text: string } | { readonly key: string };

/** Divides a text of `keys` into what is typed and the keys that are pressed, in their order. */
export function partsOfKeys(text: string): readonly KeyPart[] {
  return text
    .split(/<([^<>]*)>/)
    .map((part, index): KeyPart => {
      if (index % 2 === 0) return { text: part };
      return part === "lt" ? { text: "<" } : { key: part };
    })
    .filter((part) => !("text" in part) || part.text !== "");
}
