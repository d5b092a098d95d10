import { globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "postcss";
import { expect, test } from "vitest";
import { classesInSelector, classesInSource } from "./styles/read-classes.ts";

// Style sheets are held to their folders: a class belongs to the folder whose sheet has it, and those of renderer/ui/ and
// renderer/theme.css to all. A class is used, and a colour comes from the theme.

const project = resolve(import.meta.dirname, "..");
const theme = "renderer/theme.css";

/** A text of the project, by its path. */
type Texts = ReadonlyMap<string, string>;

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

function ownColours(sheets: Texts): readonly string[] {
  return [...sheets].flatMap(([file, text]) =>
    file === theme
      ? []
      : (text.match(/#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(/g) ?? []).map(
          (colour) => `${file}: ${colour}`,
        ),
  );
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

test("colours come from the theme", () => {
  expect(ownColours(new Map([["renderer/ui/b.css", ".own { color: #123456; }"]]))).toHaveLength(1);
  expect(ownColours(sheets)).toEqual([]);
});
