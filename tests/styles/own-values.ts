import { dirname } from "node:path";
import { type Declaration, parse } from "postcss";

/** Texts of the project, by their paths. */
export type Texts = ReadonlyMap<string, string>;

/** The sheet that has the colours and sizes of all. */
export const theme = "renderer/theme.css";

/** Units of a part of the window, of the text around, and of time. A colour is never written with them. */
const freeUnits = ["%", "vh", "vw", "lh", "ch", "fr", "s", "ms", "deg"];
const hasColour = /^--|color|background|border|outline|shadow|fill|stroke/;
/** All other words are colours, or could be. */
const plainWords = new Set(
  `transparent currentcolor inherit none solid dashed round inset in srgb light dark
   bottom no-repeat local scroll color-mix var calc min max linear-gradient repeating-linear-gradient
  repeating-conic-gradient`.split(/\s+/),
);

function declarationsIn(sheets: Texts, visit: (file: string, declaration: Declaration) => void): void {
  for (const [file, text] of sheets)
    if (file !== theme) parse(text).walkDecls((declaration) => visit(file, declaration));
}

/** Colours that a sheet sets itself, by whatever name or function. Under forced colours it takes those of the system. */
export function ownColours(sheets: Texts): readonly string[] {
  const found: string[] = [];
  declarationsIn(sheets, (file, { prop, value, parent }) => {
    if (!hasColour.test(prop) || isForForcedColours(parent)) return;
    const plain = value.replace(/--[\w-]+/g, "");
    const words = plain.match(/#[\da-f]+|(?<![\w.])[a-z][a-z-]*/gi) ?? [];
    const own = words.filter((word) => !plainWords.has(word.toLowerCase()));
    found.push(...own.map((word) => `${file}: ${word}`));
  });
  return found;
}

function isForForcedColours(parent: Declaration["parent"]): boolean {
  const rule = parent?.parent;
  return rule?.type === "atrule" && "params" in rule && rule.params === "(forced-colors: active)";
}

/**
 * Sizes that a sheet or a source sets itself. Conditions of media and containers may be in pixels: custom properties don't
 * work there. Letters may be spaced by their own size.
 */
export function ownSizes(sheets: Texts, sources: Texts): readonly string[] {
  const found: string[] = [];
  declarationsIn(sheets, (file, { prop, value }) => {
    const units = [...value.matchAll(/(?<![\w#-])-?(?:\d+\.?\d*|\.\d+)([a-z%]+)/gi)].map(
      ([, unit = ""]) => unit,
    );
    const hasOwnUnit = units.some(
      (unit) => !freeUnits.includes(unit) && !(unit === "em" && prop === "letter-spacing"),
    );
    const hasOwnType = /^font(?:-size)?$/.test(prop) && !/^(?:var\(|inherit$)/.test(value);
    if (hasOwnUnit || hasOwnType) found.push(`${file}: ${prop}: ${value}`);
  });
  for (const [file, text] of sources) {
    const sizes = text.match(/["'` (]\d[\d.]*(?:px|r?em|pt|pc|cm|mm|in)\b/gi) ?? [];
    found.push(...sizes.map((size) => `${file}: ${size.slice(1)}`));
  }
  return found;
}

/** Custom properties that are used, and set neither in the theme, nor in the same folder, nor by Radix on its elements. */
export function undefinedTokens(sheets: Texts, sources: Texts): readonly string[] {
  const all = [...sheets, ...sources];
  const set = Map.groupBy(
    all.flatMap(([file, text]) =>
      [...text.matchAll(/(--[\w-]+)["'\]]*:/g)].map(([, name]) => ({ file, name })),
    ),
    ({ name }) => name,
  );
  return all.flatMap(([user, text]) => {
    const used = [...text.matchAll(/var\(\s*(--[\w-]+)/gi)].map(([, name = ""]) => name);
    const isSet = (name: string) =>
      name.startsWith("--radix-") ||
      set.get(name)?.some(({ file }) => file === theme || dirname(file) === dirname(user));
    return used.filter((name) => !isSet(name)).map((name) => `${user}: ${name}`);
  });
}
