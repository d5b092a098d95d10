import { globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "postcss";
import { expect, test } from "vitest";
import { ownColours, ownSizes, type Texts, theme, undefinedTokens } from "./styles/own-values.ts";
import { classesInSelector, classesInSource } from "./styles/read-classes.ts";

// Style sheets are held to their folders: a class belongs to the folder whose sheet has it, and those of renderer/ui/ and
// renderer/theme.css to all. A class is used. Colours and sizes come from the theme.

const project = resolve(import.meta.dirname, "..");

function read(pattern: string): Texts {
  const files = globSync(pattern, { cwd: project }).filter((file) => !/\.test\.tsx?$/.test(file));
  return new Map(files.sort().map((file) => [file, readFileSync(join(project, file), "utf8")]));
}

const sheets = read("renderer/**/*.css");
const sources = read("renderer/**/*.{ts,tsx}");

/** Classes of the libraries whose looks a sheet changes. */
const isForeign = (name: string) => /^(?:dv-|xterm|cm-)/.test(name);

function selectorsOf(sheet: string): readonly string[] {
  const selectors: string[] = [];
  parse(sheet).walkRules((rule) => void selectors.push(...rule.selectors));
  return selectors;
}

/** The sheets that have each class. */
function sheetsOfClasses(sheets: Texts): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [file, text] of sheets)
    for (const name of new Set(selectorsOf(text).flatMap(classesInSelector)))
      if (!isForeign(name)) found.set(name, [...(found.get(name) ?? []), file]);
  return found;
}

function usersOf(name: string, used: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const isUsed = (one: string) => one === name || (one.endsWith("-") && name.startsWith(one));
  return [...used].filter(([, names]) => [...names].some(isUsed)).map(([file]) => file);
}

function unusedClasses(sheets: Texts, sources: Texts): readonly string[] {
  const used = new Map([...sources].map(([file, text]) => [file, classesInSource(file, text)]));
  return [...sheetsOfClasses(sheets)]
    .filter(([name]) => usersOf(name, used).length === 0)
    .map(([name]) => name);
}

/** Classes that a component uses of another folder's sheet. */
function borrowedClasses(sheets: Texts, sources: Texts): readonly string[] {
  const used = new Map([...sources].map(([file, text]) => [file, classesInSource(file, text)]));
  return [...sheetsOfClasses(sheets)].flatMap(([name, files]) => {
    const isShared = files.some((file) => file === theme || file.startsWith("renderer/ui/"));
    if (isShared) return [];
    return usersOf(name, used)
      .filter((user) => !files.some((file) => `${dirname(user)}/`.startsWith(`${dirname(file)}/`)))
      .map((user) => `${user} uses .${name} of ${files.join(", ")}`);
  });
}

/** Names of the theme that no sheet and no source has. */
function unusedTokens(sheets: Texts, sources: Texts): readonly string[] {
  const names: string[] = [];
  parse(sheets.get(theme) ?? "").walkDecls(/^--/, ({ prop }) => void names.push(prop));
  const used = new Set(
    [...sheets.values(), ...sources.values()].flatMap(
      (text) => text.match(/--[a-z][a-z0-9-]*(?=["),])/g) ?? [],
    ),
  );
  return [...new Set(names)].filter((name) => !used.has(name));
}

const component = new Map([
  ["renderer/views/a/a.tsx", '<p className={classNames("own", "tone-" + tone)} />'],
]);

test("each class of a style sheet is used", () => {
  const sheet = new Map([["renderer/views/a/a.css", ".own .tone-good {} .dead, .dv-tab {}"]]);
  expect(unusedClasses(sheet, component)).toEqual(["dead"]);
  expect(unusedClasses(sheets, sources)).toEqual([]);
});

test("a component uses the classes of its own folder's sheets, and of the shared ones", () => {
  const elsewhere = new Map([["renderer/views/b/b.css", ".own {}"]]);
  expect(borrowedClasses(elsewhere, component)).toEqual([
    "renderer/views/a/a.tsx uses .own of renderer/views/b/b.css",
  ]);
  expect(borrowedClasses(new Map([["renderer/ui/b.css", ".own {}"]]), component)).toEqual([]);
  expect(borrowedClasses(sheets, sources)).toEqual([]);
});

test.each([
  "color: #123456",
  "color: RGB(0 0 0 / 1)",
  "background: Black",
  "border: var(--line-width) solid red",
  "color: oklab(0.5 0 0)",
  "box-shadow: 0 0 0 var(--line-width) lab(50% 0 0)",
  "fill: lch(50% 0 0)",
  "background: hwb(0 0% 0%)",
  "color: color(srgb 0 0 0)",
  "background: color-mix(in srgb, var(--bad) 85%, black)",
  "--own: white",
  "color: Highlight",
])("a sheet that sets a colour itself is found: %s", (declaration) => {
  expect(ownColours(new Map([["renderer/ui/b.css", `.own { ${declaration}; }`]]))).toHaveLength(1);
});

test("colours come from the theme, and forced ones from the system", () => {
  const forced = "@media (forced-colors: active) { .own { color: Highlight; } }";
  expect(ownColours(new Map([["renderer/ui/b.css", forced]]))).toEqual([]);
  expect(ownColours(sheets)).toEqual([]);
});

test.each(["5PX", "1rem", "9pt", "1cm", "15em", ".5px", "calc(1in + 5%)", "2vmin"])(
  "a sheet that sets a size itself is found: %s",
  (size) => {
    const sheet = `.own { width: ${size}; }`;
    expect(ownSizes(new Map([["renderer/ui/b.css", sheet]]), new Map())).toHaveLength(1);
  },
);

test("sizes come from the theme", () => {
  const sheet = `.own { margin: var(--space-1) 5px; font-size: 0.9em; width: calc(100vw - var(--space-8)); }
@container (max-width: 600px) { .own { height: 26px; font-size: inherit; } }`;
  const source = new Map([["renderer/views/a/theme.ts", 'const tip = { padding: "4px 8px" };']]);
  expect(ownSizes(new Map([["renderer/ui/b.css", sheet]]), source)).toEqual([
    "renderer/ui/b.css: margin: var(--space-1) 5px",
    "renderer/ui/b.css: font-size: 0.9em",
    "renderer/ui/b.css: height: 26px",
    "renderer/views/a/theme.ts: 4px",
    "renderer/views/a/theme.ts: 8px",
  ]);
  expect(ownSizes(sheets, sources)).toEqual([]);
});

test("a name that is used is one of the theme, or of the same folder", () => {
  const small = new Map([
    [theme, ":root { --line: #fff; }"],
    ["renderer/ui/b.css", ".own { --part: var(--line); width: var(--part); color: var( --lime); }"],
  ]);
  const source = new Map([
    ["renderer/views/a/a.tsx", 'style={{ "--done": 1, color: "var(--lane)", width: "var(--done)" }}'],
  ]);
  expect(undefinedTokens(small, source)).toEqual([
    "renderer/ui/b.css: --lime",
    "renderer/views/a/a.tsx: --lane",
  ]);
  expect(undefinedTokens(sheets, sources)).toEqual([]);
});

test("each colour and size of the theme is used", () => {
  const small = new Map([[theme, ":root { --line: #fff; --line-width: 1px; color: var(--line); }"]]);
  expect(unusedTokens(small, new Map())).toEqual(["--line-width"]);
  expect(unusedTokens(sheets, sources)).toEqual([]);
});
