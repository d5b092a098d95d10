import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { recipeSchema } from "../../shared/recipe/recipe.ts";
import { ruleKeys } from "../../shared/rules/rule.ts";
import { parseRules } from "../../shared/rules/rules-file.ts";
import { scenarioKeys } from "../../shared/scenario/scenario.ts";
import { parseScenario } from "../../shared/scenario/scenario-file.ts";
import { allCommands } from "./all-commands.ts";
import { type Page, project, readPages } from "./pages.ts";

const pages = readPages();
const testParts = [...textOf("test.sh").matchAll(/^(\w+)\(\) \{$/gm)].map(([, name = ""]) => name);

function textOf(path: string): string {
  return readFileSync(join(project, path), "utf8");
}

interface Finding {
  readonly page: Page;
  readonly place: string;
  readonly found: string;
}

/** The things that the pages name, by a pattern, with their places. */
function find(pattern: RegExp): Finding[] {
  return pages.flatMap((page) =>
    page.text.split("\n").flatMap((line, index) =>
      [...line.matchAll(pattern)].map(([, found = ""]) => ({
        page,
        place: `${page.path}:${index + 1}`,
        found,
      })),
    ),
  );
}

const shown = (findings: readonly Finding[]) => findings.map(({ place, found }) => `${place}: ${found}`);

/** As GitHub makes anchors of headings. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

const links = find(/\]\(([^)\s]+)\)/g).filter(({ found }) => !/^https?:/.test(found));
/** The page or picture that a link leads to, in the checkout. */
const targetOf = ({ page, found }: Finding) =>
  found.startsWith("#") ? page.path : join(dirname(page.path), found.replace(/#.*/, ""));

test("links lead to pages, pictures and headings that there are", () => {
  const broken = links.filter((link) => {
    if (!existsSync(join(project, targetOf(link)))) return true;
    const [, anchor] = link.found.split("#");
    return anchor !== undefined && !anchors(textOf(targetOf(link))).includes(anchor);
  });
  expect(shown(broken)).toEqual([]);
});

test("each page is linked from another one", () => {
  const linked = links.filter((link) => targetOf(link) !== link.page.path).map(targetOf);
  expect(
    pages.map(({ path }) => path).filter((path) => path !== "README.md" && !linked.includes(path)),
  ).toEqual([]);
});

test("the files and folders that are named are there", () => {
  const folders = "shared|core|cli|electron|renderer|guest|images|tests|bench|docs|scripts";
  const paths = find(new RegExp(`\`((?:${folders})/[\\w./-]*)\``, "g"));
  // Those that a build makes, and those that stand for many, as NAME does.
  const isMade = (path: string) => /\.tar\.(lz4|zst)$/.test(path) || /\b[A-Z]{2,}\b/.test(path);
  expect(shown(paths.filter(({ found }) => !isMade(found) && !existsSync(join(project, found))))).toEqual([]);
});

test("the options of tinsmith that are named are there", async () => {
  const commands = await allCommands();
  const known = commands.flatMap(({ command }) => command.options.map(({ long }) => long ?? ""));
  const names = commands.map(({ name }) => name.split(" ")[0]).join("|");
  const inText = find(new RegExp(`\`(?:(?:\\./)?tinsmith [^\`]*?|(?:${names}) )?(--[a-z][\\w-]*)`, "g"));
  const inBlocks = find(/^ *\$ (?:\.\/)?tinsmith [^#]*?(--[a-z][\w-]*)/g);
  const unknown = [...inText, ...inBlocks].filter(({ found }) => ![...known, "--help"].includes(found));
  expect(shown(unknown)).toEqual([]);
});

test("the parts of test.sh and the scripts of npm that are named are there", () => {
  const parts = find(/\.\/test\.sh((?: [a-z]+)+)/g);
  const isKnown = (named: string) =>
    named
      .trim()
      .split(" ")
      .every((part) => testParts.includes(part));
  expect(shown(parts.filter(({ found }) => !isKnown(found)))).toEqual([]);
  const scripts = find(/npm run ([\w:]+)/g);
  expect(shown(scripts.filter(({ found }) => !(found in packageJson.scripts)))).toEqual([]);
});

test("all parts of test.sh are told of", () => {
  const told = [...textOf("CONTRIBUTING.md").matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  expect(told.sort()).toEqual(testParts.toSorted());
});

test("all keys of recipes are told of, and no others", () => {
  const [, table = ""] = /\| key \| meaning \|\n(.*?)\n\n/s.exec(textOf("docs/recipes.md")) ?? [];
  const told = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key);
  expect(told.sort()).toEqual(Object.keys(recipeSchema.shape).sort());
});

test("all keys of rules are told of, and no others; and the examples are valid", () => {
  const page = textOf("docs/rules.md");
  const tables = [...page.matchAll(/\| key \| meaning \|\n(.*?)\n\n/gs)].map(([, table = ""]) =>
    [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key),
  );
  expect(tables).toEqual(ruleKeys);
  const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)];
  expect(examples.map(([, example = ""]) => parseRules(example).rules.length)).toEqual([3]);
});

test("all keys of scenarios are told of, and no others; and the example is valid", () => {
  const page = textOf("docs/ci.md");
  const tables = [...page.matchAll(/\| key(?: of `expect`)? \| meaning \|\n(.*?)\n\n/gs)].map(
    ([, table = ""]) =>
      [...table.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell = ""]) =>
        cell.replaceAll("`", "").split(", "),
      ),
  );
  expect(tables.map((keys) => keys.toSorted())).toEqual(scenarioKeys.map((keys) => keys.toSorted()));
  const [[, example = ""] = []] = [...page.matchAll(/```yaml\n(.*?)```/gs)];
  expect(parseScenario(example, "docs/ci.md").expect).toHaveLength(3);
});
