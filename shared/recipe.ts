import { z } from "zod";
import { AppError } from "./errors.ts";
import { describeIssues, schemaIssues, strictObject, wholeNumber } from "./schema-issues.ts";
import { readYaml } from "./yaml-text.ts";

/** A recipe.yaml over this many bytes is refused by whoever reads it from a file. */
export const maximumRecipeBytes = 1024 * 1024;

const text = (rule: string) => z.string({ error: rule }).min(1, rule);
const path = text("must be a path, relative to the recipe's folder");
const argv = z.tuple([text("must name a program")], z.string({ error: "must be a text" }), {
  error: "must be a list: a program and its arguments",
});
const list = <Item extends z.ZodType>(item: Item) => z.array(item, { error: "must be a list" });
const flag = z.boolean({ error: "must be true or false" });

const isoFile = strictObject({ path: path.describe("The ISO, relative to the recipe's folder.") });
const isoDownload = strictObject({
  url: z
    .url({ protocol: /^https?$/, error: "must be an http or https address" })
    .describe("Where the ISO is downloaded from."),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits in lower case")
    .describe("SHA-256 of the ISO, by which a download is checked."),
});

/** An ISO that a person chooses for one installation. */
export const chosenIsoSchema = z.union([isoFile, isoDownload], {
  error: "must be {path: FILE} or {url: ADDRESS, sha256: HEX}",
});

const isoBuild = strictObject({
  build: argv.describe("A program and its arguments; it writes the ISO to the path that is added to them."),
  inputs: list(path).describe("What the ISO is built from: the program is run again when that changes."),
});

const isoSource = z.union([isoFile, isoDownload, isoBuild], {
  error: "must be {path: FILE}, {url: ADDRESS, sha256: HEX} or {build: [PROGRAM, ...], inputs: [PATH, ...]}",
});

const autopilotStep = z.union(
  [
    strictObject({
      wait: text("must be the text to wait for").describe("Waits until the console has printed this text."),
      timeout: z
        .number()
        .positive("must be seconds, more than 0")
        .optional()
        .describe("Seconds after which the build fails."),
    }),
    strictObject({ type: z.string().describe("Types this line, and Return.") }),
  ],
  { error: "must be {wait: TEXT}, {wait: TEXT, timeout: SECONDS} or {type: LINE}" },
);

const archiveName = z
  .string()
  .regex(/^[^/]+\.tar\.(lz4|zst)$/, "must be a file name that ends in .tar.lz4 or .tar.zst");

/** The schema of `recipe.yaml`: how the setup image and the worker image of an image set are made. */
export const recipeSchema = strictObject({
  iso: isoSource.optional().describe("What the setup image is installed from; without it: --boot ISO."),
  size: wholeNumber(49, " of GiB").default(1).describe("GiB of the disk."),
  machine: path.default("machine.json").describe("The machine definition of a new setup image."),
  internet: flag.default(false).describe("Whether the guest reaches the internet while an image is built."),
  install: list(autopilotStep)
    .default([])
    .describe("Done on the serial console when the setup image is built; empty: a person installs."),
  cd: list(path).default([]).describe("Files for the data CD, beside the guest tools; setup.sh is run."),
  guestTools: strictObject({
    build: argv.optional().describe("A program and its arguments, run in the recipe's folder."),
    binary: path.describe("The binary, relative to the recipe's folder."),
    run: list(z.string()).default([]).describe("Its arguments in the guest."),
  })
    .optional()
    .describe("Guest tools of your own: how they are built, the binary, and its arguments in the guest."),
  done: text("must be a text").optional().describe("A line of the guest's log that means success."),
  outputs: strictObject({
    setup: archiveName.optional().describe("File name of the setup image."),
    worker: archiveName.optional().describe("File name of the worker image."),
  })
    .default({})
    .describe(
      "File names of the archives, beside the recipe; else SET-setup.tar.lz4 and SET-worker.tar.lz4.",
    ),
});

export type Recipe = Readonly<z.output<typeof recipeSchema>>;
export type IsoSource = z.output<typeof isoSource>;
export type AutopilotStep = z.output<typeof autopilotStep>;
export type GuestTools = NonNullable<Recipe["guestTools"]>;

/**
 * Reads the text of a recipe.yaml.
 *
 * @param source what the text came from, for the error's message.
 * @throws AppError `invalid-recipe` whose details are all issues, one line each.
 */
export function parseRecipe(recipe: string, source = "recipe.yaml"): Recipe {
  const { value, issue } = readYaml(recipe);
  if (issue !== undefined) throw invalidRecipe(source, [issue]);
  const content = value ?? {};
  const result = recipeSchema.safeParse(content);
  if (result.success) return result.data;
  throw invalidRecipe(source, describeIssues(schemaIssues(result.error, content)));
}

function invalidRecipe(source: string, details: readonly string[]): AppError {
  return new AppError({
    code: "invalid-recipe",
    message: `${source} is not a valid recipe`,
    advice: "Correct what is listed.",
    details,
  });
}
