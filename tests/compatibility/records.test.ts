import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { compareRecords } from "./compare-records.ts";
import { describeSchema } from "./describe-schema.ts";
import { type Format, readFormats } from "./formats.ts";

// Each format is recorded in records/, so that nobody changes one by mistake. After a change that docs/compatibility.md allows, renew the
// records: UPDATE_FORMATS=1 npx vitest run --project unit tests/compatibility. For a breaking change, which only a new major version may
// have, delete the record first.

const folder = join(import.meta.dirname, "records");
const formats = await readFormats();
const pathOf = ({ name }: Format) => join(folder, `${name}.txt`);
const textOf = ({ version, lines }: Format) => {
  const head = version === undefined ? "no version of its own" : `version ${version}`;
  return `${head}\n${lines.join("\n")}\n`;
};

/** The reason why a format may not be changed so under its version; undefined if it may. */
function objection(recorded: string, format: Format): string | undefined {
  const [head, ...lines] = recorded.trimEnd().split("\n");
  if (format.version !== undefined && head !== `version ${format.version}`) return undefined;
  const { breaking, others } = compareRecords(lines, format.lines);
  const forbidden = format.isClosed ? [...breaking, ...others] : breaking;
  if (forbidden.length === 0) return undefined;
  const rule =
    format.version === undefined
      ? "keep what is promised"
      : "raise its version, and migrate the version before";
  return `the format ${format.name} has changed: ${rule}\n${forbidden.join("\n")}`;
}

test.each(formats)("the format $name is as it was recorded", (format) => {
  const path = pathOf(format);
  const recorded = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  if (recorded !== undefined) expect(objection(recorded, format)).toBeUndefined();
  if (process.env.UPDATE_FORMATS) writeFileSync(path, textOf(format));
  expect(readFileSync(path, "utf8"), "renew the record: see this test's first lines").toBe(textOf(format));
});

test("there are no records of formats that do not exist", () => {
  expect(readdirSync(folder).sort()).toEqual(formats.map(({ name }) => `${name}.txt`).sort());
});

test("each format is on the page, with its version", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/compatibility.md"), "utf8");
  const rows = page.split("\n");
  const isShown = ({ name, version }: Format) =>
    rows.some(
      (row) =>
        row.endsWith(`| \`${name}.txt\` |`) && (version === undefined || row.includes(`, now ${version} |`)),
    );
  expect(formats.filter((format) => !isShown(format)).map(({ name }) => name)).toEqual([]);
});

describe("a change of a schema", () => {
  const schema = z.strictObject({
    size: z.int().min(1).max(49).default(1),
    kind: z.enum(["a", "b"]),
    step: z.union([z.string(), z.strictObject({ match: z.string() })]).optional(),
  });
  const { shape } = schema;
  const changed = (other: z.ZodType) => compareRecords(describeSchema(schema), describeSchema(other));

  test.each([
    ["a key is gone", schema.omit({ size: true }), "- size: integer"],
    ["a value is gone", schema.extend({ kind: z.enum(["a"]) }), '- kind = "b"'],
    ["another kind", schema.extend({ size: z.string() }), "- size: integer"],
    ["another default", schema.extend({ size: shape.size.default(2) }), "- size default 1"],
    ["a key must be there", schema.extend({ step: shape.step.unwrap() }), "+ step (required)"],
    ["a new key must be there", schema.extend({ name: z.string() }), "+ name (required)"],
    ["a variant is gone", schema.extend({ step: z.string().optional() }), "- step<match>.match: string"],
    [
      "an open object takes no other keys",
      schema,
      "+ (all) only these keys",
      describeSchema(z.object(schema.shape)),
    ],
  ])("is breaking: %s", (_, other, line, recorded = describeSchema(schema)) => {
    expect(compareRecords(recorded, describeSchema(other)).breaking).toContain(line);
  });

  test.each([
    ["a new key", schema.extend({ name: z.string().optional() }), "+ name: string"],
    ["a new value", schema.extend({ kind: z.enum(["a", "b", "c"]) }), '+ kind = "c"'],
    ["another limit", schema.extend({ size: z.int().min(1).max(99).default(1) }), "+ size limits"],
    ["a key need not be there", schema.extend({ kind: shape.kind.optional() }), "- kind (required)"],
    [
      "a new object with a key that must be there",
      schema.extend({ more: z.strictObject({ name: z.string() }).optional() }),
      "+ more.name (required)",
    ],
  ])("is not breaking: %s", (_, other, line) => {
    const { breaking, others } = changed(other);
    expect(breaking).toEqual([]);
    expect(others).toContainEqual(expect.stringContaining(line));
  });

  test("is refused under the same version, and allowed under another", () => {
    const plan = { name: "plan", version: 2, lines: ["a", "b"] };
    expect(objection("version 2\na\nb\n", plan)).toBeUndefined();
    expect(objection("version 2\na\nb\nc\n", plan)).toContain(
      "raise its version, and migrate the version before\n- c",
    );
    expect(objection("version 1\na\nb\nc\n", plan)).toBeUndefined();
    // Older readers would refuse the new key, and could not say why.
    expect(objection("version 2\na\n", plan)).toBeUndefined();
    expect(objection("version 2\na\n", { ...plan, isClosed: true })).toContain("+ b");
  });
});
