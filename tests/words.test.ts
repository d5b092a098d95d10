import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { readTexts } from "./words/read-texts.ts";
import { rules } from "./words/rules.ts";

// What the window, the desktop app and the CLI say to people keeps to a few rules of plain technical English.

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

describe.each(rules)("$name", ({ isBroken, planted }) => {
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
