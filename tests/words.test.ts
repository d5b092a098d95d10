import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { readPages } from "./docs/pages.ts";
import { readComments } from "./words/read-comments.ts";
import { readProse } from "./words/read-prose.ts";
import { readTexts } from "./words/read-texts.ts";
import { rulesOfComments, rulesOfPages, rulesOfTexts } from "./words/rules.ts";

// The texts of the window, the desktop app and the CLI, the comments of all sources, and the pages are plain technical English.

const project = resolve(import.meta.dirname, "..");

const isOfTests = (file: string) => /(?:\.test|(?:^|\/)(?:test|fake)-[\w-]+)\.tsx?$/.test(file);

const texts = globSync("{renderer,electron,shared,core,cli}/**/*.{ts,tsx}", { cwd: project })
  .filter((file) => !isOfTests(file))
  .sort()
  .flatMap((file) =>
    readTexts(file, readFileSync(join(project, file), "utf8")).map(({ line, text }) => ({
      place: `${file}:${line}`,
      text,
    })),
  );

test("the texts are found as a person reads them", () => {
  const source = `
    import { it } from "./elsewhere.ts";
    type Side = "left side" | "right side";
    const message = \`\${path} is \` + "damaged";
    const view = <p title="A title">Some <b>bold</b>{" "}
      words{isMany ? "s and more" : ""}</p>;`;
  expect(readTexts("view.tsx", source).map(({ text }) => text)).toEqual([
    "{} is damaged",
    "Some bold words{}",
    "A title",
    "bold",
    "s and more",
  ]);
});

describe.each(rulesOfTexts)("a text: $name", ({ isBroken, planted }) => {
  test.each(planted)("%s is found", (text) => {
    const asJsx = `<p>${text.replace(" ", "\n  ")}</p>`;
    const asString = `fail({ advice: ${JSON.stringify(text)} })`;
    const found = readTexts("planted.tsx", `${asJsx};\n${asString};`).filter((one) =>
      isBroken.test(one.text),
    );
    expect(found.map(({ line }) => line)).toEqual([1, 3]);
  });

  test("no text breaks it", () => {
    expect(texts.filter(({ text }) => isBroken.test(text))).toEqual([]);
  });
});

const comments = globSync(
  "{*,{core,shared,cli,electron,renderer,guest,bench,scripts,tests,images}/**/*}.{ts,tsx,go,sh}",
  { cwd: project, exclude: ["tests/fixtures/**"] },
)
  .sort()
  .flatMap((file) =>
    readComments(file, readFileSync(join(project, file), "utf8")).map(({ line, text }) => ({
      place: `${file}:${line}`,
      text,
    })),
  );

describe("the comments are found as a person reads them", () => {
  test.each([
    [
      "file.ts",
      `/**
 * A block.
 *
 * @throws Error
 */
const url = "https://example.org"; // Behind code.
// Two lines,
// one comment.`,
      ["A block. @throws Error", "Behind code.", "Two lines, one comment."],
    ],
    ["file.tsx", "<p>{/* Within a view. */}// a text</p>", ["Within a view."]],
    [
      "file.go",
      '// Two lines,\n//\n// one comment.\nurl := "https://example.org" // Behind code.',
      ["Two lines, one comment.", "Behind code."],
    ],
    ["file.sh", "# A comment.\n(($# > 1)) # Behind code.", ["A comment.", "Behind code."]],
  ])("in %s", (name, source, found) => {
    expect(readComments(name, source).map(({ text }) => text)).toEqual(found);
  });
});

describe.each(rulesOfComments)("a comment: $name", ({ isBroken, planted }) => {
  test.each(planted)("%s is found", (text) => {
    const wrapped = text.replace(" ", "\n * ");
    const sources = {
      "planted.ts": `\n/** ${wrapped} */`,
      "planted.go": `\n// ${text}`,
      "planted.sh": `\n# ${text}`,
    };
    for (const [name, source] of Object.entries(sources)) {
      const found = readComments(name, source).filter((one) => isBroken.test(one.text));
      expect(found.map(({ line }) => line)).toEqual([2]);
    }
  });

  test("no comment breaks it", () => {
    expect(comments.filter(({ text }) => isBroken.test(text))).toEqual([]);
  });
});

/** The pages, but for the history. */
const pages = readPages().filter(({ path }) => path !== "CHANGELOG.md");

const prose = pages.flatMap(({ path, text }) =>
  readProse(text).map((part) => ({ place: `${path}:${part.line}`, text: part.text })),
);

test("the prose of a page is found as a person reads it", () => {
  const page = `# A heading
A *paragraph* of
two lines.
- An item with \`code\`,
  and [a link](page.md#heading).

  \`\`\`console
  $ echo hello
  \`\`\`
<!-- run: on a guest -->
| a cell | \`a | b\` is code |
|---|---|
![A picture](a.png)`;
  expect(readProse(page)).toEqual([
    { line: 1, text: "A heading" },
    { line: 2, text: "A paragraph of two lines." },
    { line: 4, text: "An item with {}, and a link." },
    { line: 11, text: "a cell" },
    { line: 11, text: "{} is code" },
    { line: 13, text: "A picture" },
  ]);
});

describe.each(rulesOfPages)("a page: $name", ({ isBroken, planted }) => {
  test.each(planted)("%s is found", (text) => {
    const wrapped = text.replace(" ", "\n  ");
    const page = `# Page\n\n${wrapped}\n\n- **${wrapped}**\n\n| cell | ${text} |\n`;
    const found = readProse(page).filter((one) => isBroken.test(one.text));
    expect(found).toHaveLength(3);
  });

  test("no page breaks it", () => {
    expect(prose.filter(({ text }) => isBroken.test(text))).toEqual([]);
  });
});

test("a page begins with what you can do after reading it", () => {
  const beginnings = pages
    .filter(({ path }) => path !== "README.md")
    .map(({ path, text }) => ({ path, text: readProse(text)[1]?.text ?? "" }));
  expect(
    beginnings.filter(({ text }) => !/^(?:After reading this page you can|This page shows you)\b/.test(text)),
  ).toEqual([]);
});
