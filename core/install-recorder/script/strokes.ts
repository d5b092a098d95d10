import type { ConsoleName, InstallStep } from "../../../shared/recipe/install-step.ts";
import { namedKeys } from "../../../shared/recipe/step-keys.ts";
import type { GuestInput } from "../../../shared/recorder/guest-input.ts";

/** A key as a person presses it: a character, a key with a name in recipes, or keys that are pressed together. */
export type Stroke =
  | { readonly text: string }
  | { readonly key: string }
  | { readonly chord: readonly string[] };

/** Further sequences that terminals send for keys, such as those of the cursor in application mode. */
const furtherSequences: Readonly<Record<string, string>> = {
  "\n": "ret",
  "\b": "backspace",
  "\x1bOA": "up",
  "\x1bOB": "down",
  "\x1bOC": "right",
  "\x1bOD": "left",
  "\x1bOH": "home",
  "\x1bOF": "end",
  "\x1b[1~": "home",
  "\x1b[4~": "end",
};
/** Names of keys that recipes have under another one. */
const furtherNames: Readonly<Record<string, string>> = { kp_enter: "ret" };
const spaceKey = "spc";

const sequences: readonly (readonly [sequence: string, key: string])[] = [
  ...Object.entries(namedKeys).flatMap(([key, { terminal }]) =>
    key === spaceKey ? [] : [[terminal, key] as const],
  ),
  ...Object.entries(furtherSequences),
].toSorted(([one], [other]) => other.length - one.length);
const keyOfQemu = new Map(Object.entries(namedKeys).map(([key, { qemu }]) => [qemu, key]));

/** Terminals mark a text that is pasted; nobody has typed their answers to queries. */
const notTyped =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they begin with Escape
  /\x1b\[20[01]~|\x1b\[\??[\d;]*[cRn]|\x1b\[>[\d;]*c|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP[^\x1b]*\x1b\\/g;

/** A text of the serial console without what nobody has typed. */
export function typedPart(text: string): string {
  return text.replaceAll(notTyped, "");
}

/** The keys of an input of a console. */
export function strokesOf(input: Extract<GuestInput, { console: ConsoleName }>): readonly Stroke[] {
  if ("keys" in input) return strokesOfKeys(input.keys);
  return input.console === "serial" ? strokesOfSerial(input.text) : [...input.text].map(strokeOfCharacter);
}

function strokeOfCharacter(character: string): Stroke {
  return character === "\n" || character === "\r" ? { key: "ret" } : { text: character };
}

function strokesOfKeys(keys: readonly string[]): readonly Stroke[] {
  const [name = "", ...others] = keys;
  if (others.length > 0) return [{ chord: keys }];
  const key = keyOfQemu.get(name) ?? furtherNames[name];
  if (key === spaceKey) return [{ text: " " }];
  return [key === undefined ? { chord: keys } : { key }];
}

function strokesOfSerial(text: string): readonly Stroke[] {
  const strokes: Stroke[] = [];
  for (let rest = typedPart(text).replaceAll("\r\n", "\r"); rest !== ""; ) {
    const [sequence, key] = sequences.find(([one]) => rest.startsWith(one)) ?? [];
    const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
    strokes.push(key === undefined ? { text: character } : { key });
    rest = rest.slice((sequence ?? character).length);
  }
  return strokes;
}

/** Whether it ends a line. */
export function isReturn(stroke: Stroke): boolean {
  return "key" in stroke && stroke.key === "ret";
}

/** Ctrl and a letter, as a serial console and as a keyboard has it. */
function controlOf(stroke: Stroke): string | undefined {
  if ("chord" in stroke && stroke.chord[0] === "ctrl") return stroke.chord[1];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are Ctrl and a letter
  if (!("text" in stroke) || !/^[\x01-\x1a]$/.test(stroke.text)) return undefined;
  return String.fromCharCode(stroke.text.charCodeAt(0) + 0x60);
}

/** The line that these keys type, with what was erased left out; undefined when they do more than that. */
export function lineOf(strokes: readonly Stroke[]): string | undefined {
  let line: string[] = [];
  for (const stroke of strokes) {
    const control = controlOf(stroke);
    if (("key" in stroke && stroke.key === "backspace") || control === "h") line.pop();
    else if (control === "u") line = [];
    else if (control === "w") line = [...line.join("").replace(/\S*\s*$/, "")];
    else if (control === undefined && "text" in stroke) line.push(stroke.text);
    else return undefined;
  }
  return line.join("");
}

/** The steps that press these keys, on the console of the recipe or on the screen's keyboard. */
export function stepsOfStrokes(strokes: readonly Stroke[]): readonly InstallStep[] {
  const steps: InstallStep[] = [];
  let keys = "";
  const end = () => {
    if (keys !== "") steps.push({ keys });
    keys = "";
  };
  for (const stroke of strokes)
    if ("chord" in stroke) {
      end();
      steps.push({ press: [...stroke.chord] });
    } else if ("key" in stroke) keys += `<${stroke.key}>`;
    else keys += stroke.text === "<" ? "<lt>" : stroke.text;
  end();
  return steps;
}
