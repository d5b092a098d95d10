/** QEMU's names of the keys of an American keyboard with other characters than letters and digits: alone, and with Shift. */
const keys: readonly (readonly [name: string, plain: string, shifted: string])[] = [
  ["spc", " ", ""],
  ["minus", "-", "_"],
  ["equal", "=", "+"],
  ["bracket_left", "[", "{"],
  ["bracket_right", "]", "}"],
  ["semicolon", ";", ":"],
  ["apostrophe", "'", '"'],
  ["grave_accent", "`", "~"],
  ["backslash", "\\", "|"],
  ["comma", ",", "<"],
  ["dot", ".", ">"],
  ["slash", "/", "?"],
  ...[..."1234567890"].map((digit, index) => [digit, digit, "!@#$%^&*()".charAt(index)] as const),
];
const plain = new Map(keys.map(([name, character]) => [character, name]));
const shifted = new Map(keys.map(([name, , character]) => [character, name]));

/** The keys that type a character together, on an American keyboard; undefined when it has none. */
export function pressesOf(character: string): readonly string[] | undefined {
  if (/^[a-z]$/.test(character)) return [character];
  if (/^[A-Z]$/.test(character)) return ["shift", character.toLowerCase()];
  const name = plain.get(character);
  if (name !== undefined) return [name];
  const below = shifted.get(character);
  return below === undefined ? undefined : ["shift", below];
}
