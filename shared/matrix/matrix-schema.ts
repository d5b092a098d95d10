import { z } from "zod";
import { schemaIssues, strictObject, wholeNumber } from "../errors/schema-issues.ts";
import { limits } from "../limits.ts";
import { type GuestTools, guestToolsSchema } from "../recipe/guest-tools.ts";
import { list, path, text } from "../recipe/recipe-values.ts";
import { variablesSchema } from "../recipe/typed-text.ts";
import { type AxisName, type AxisValue, axisNames, type Selection } from "./axes.ts";
import { selectionIssues } from "./selection-issues.ts";

/** A name that can be a part of a file's name, and a word for a shell. */
const nameRule = "must be a name of letters, digits, and . _ + - after the first of them";
const namePattern = /^[A-Za-z0-9][\w.+-]*$/;
const nameSchema = z.string().regex(namePattern, nameRule).max(100, "must have at most 100 characters");

/**
 * An axis: a list of values, or an object that gives each a name.
 *
 * @param nameOf names a value of a list; undefined for one that needs a name in the object
 */
function axis<Value>(
  value: z.ZodType<Value>,
  { rule, nameOf }: { readonly rule: string; readonly nameOf: (value: Value) => string | undefined },
) {
  const values = z.array(value).min(1, "must have a value");
  const named = z
    .record(nameSchema, value, { error: ({ code }) => (code === "invalid_key" ? nameRule : rule) })
    .refine((all) => Object.keys(all).length > 0, "must have a value");
  return z.unknown().transform((input, context): readonly AxisValue<Value>[] => {
    const { data, error } = (Array.isArray(input) ? values : named).safeParse(input);
    if (data === undefined) return passIssues(error, input, context);
    const all = Array.isArray(data)
      ? data.map((one) => ({ name: nameOf(one), value: one }))
      : Object.entries(data).map(([name, one]) => ({ name, value: one }));
    const fail = (index: number, message: string) =>
      context.addIssue({ code: "custom", path: [index], message });
    const seen = new Set<string>();
    for (const [index, { name }] of all.entries())
      if (name === undefined || !nameSchema.safeParse(name).success)
        fail(index, "must have a name: write an object, {NAME: VALUE}, in place of the list");
      else if (seen.has(name)) fail(index, `must not have the name of another value, ${name}`);
      else seen.add(name);
    return all.flatMap(({ name, value }) => (name === undefined ? [] : [{ name, value }]));
  });
}

const toolsRule = "must be a version, {binary: FILE}, or {build: [PROGRAM, ...], binary: FILE}";
/** A text is a version, which the recipe's build command gets in a variable. Nothing stands for the recipe's guest tools. */
const tools = z.unknown().transform((input, context): string | GuestTools | null => {
  const isObject = typeof input === "object" && input !== null;
  const { data, error } = (isObject ? guestToolsSchema : versionSchema).safeParse(input);
  return data === undefined ? passIssues(error, input, context) : data;
});
const versionSchema = z.union([text(toolsRule).max(200, toolsRule), z.null()], { error: toolsRule });
export type MatrixTools = z.output<typeof tools>;

/** Adds the issues that another schema has found. A union would only tell that none of its forms fits. */
function passIssues(error: z.ZodError | undefined, input: unknown, context: z.core.$RefinementCtx): never {
  for (const { path, message } of error ? schemaIssues(error, input) : [])
    context.addIssue({ code: "custom", path: [...path], message });
  return z.NEVER;
}

const form = (values: string) => `must be a list of ${values}, or an object that gives each a name`;

const axes = {
  machine: axis(path, {
    rule: form("machine definitions"),
    nameOf: (file) => file.slice(file.lastIndexOf("/") + 1).replace(/\.json$/, ""),
  })
    .optional()
    .describe("Machine definitions, relative to the recipe's folder. Each has a setup image of its own."),
  guestTools: axis(tools, {
    rule: form("versions"),
    nameOf: (value) => (typeof value === "string" ? value : undefined),
  })
    .optional()
    .describe("Guest tools: versions, binaries, or commands that build them."),
  size: axis(wholeNumber(limits.diskSize, " of GiB"), {
    rule: form("whole numbers of GiB"),
    nameOf: (size) => `${size}G`,
  })
    .optional()
    .describe("Sizes of the setup image's disk in GiB. Each has a setup image of its own."),
  memory: axis(wholeNumber(limits.memory, " of MiB"), {
    rule: form("whole numbers of MiB"),
    nameOf: (memory) => `${memory}`,
  })
    .optional()
    .describe("Memory of the virtual machine that the worker image is built in, in MiB."),
  variables: axis(variablesSchema, {
    rule: "must be an object that gives each set of variables a name",
    nameOf: () => undefined,
  })
    .optional()
    .describe("Values of variables of the install steps. Each has a setup image of its own."),
};

const chosen = z.union([z.string(), z.number()], { error: "must be the name of a value" }).optional();
const chosenValues = Object.fromEntries(axisNames.map((name) => [name, chosen])) as Record<
  AxisName,
  typeof chosen
>;
const selections = (values: z.ZodType<Selection>) => ({
  exclude: list(values).default([]).describe("Cells to leave out: those that have all of an item's values."),
  include: list(values)
    .default([])
    .describe("Cells to add: an item for each. An axis without a value is as the recipe says."),
});

/** The schema of `matrix` in a recipe.yaml. */
export const matrixSchema = strictObject({
  ...axes,
  ...selections(strictObject(chosenValues)),
}).superRefine((matrix, context) => {
  for (const issue of selectionIssues(matrix)) context.addIssue({ code: "custom", ...issue });
});
export type Matrix = z.output<typeof matrixSchema>;

/** The schema of a matrix.yaml, which has several image sets. */
export const matrixFileSchema = strictObject({
  sets: list(path).min(1, "must name an image set"),
  ...axes,
  ...selections(strictObject({ set: chosen, ...chosenValues })),
}).superRefine((matrix, context) => {
  for (const issue of selectionIssues(matrix)) context.addIssue({ code: "custom", ...issue });
});
export type MatrixFile = z.output<typeof matrixFileSchema>;
