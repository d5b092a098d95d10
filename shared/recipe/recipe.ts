import { z } from "zod";
import { AppError } from "../errors/errors.ts";
import { describeIssuesOf } from "../errors/issue-lines.ts";
import { type SchemaIssue, schemaIssues, strictObject, wholeNumber } from "../errors/schema-issues.ts";
import { limits } from "../limits.ts";
import { matrixSchema } from "../matrix/matrix-schema.ts";
import { byteLength, maximumNameBytes } from "../text/path-limits.ts";
import { readYaml } from "../text/yaml-text.ts";
import { guestToolsSchema } from "./guest-tools.ts";
import { consoleSchema, installStepSchema, waitsForPowerOff } from "./install-step.ts";
import { recipeConflicts } from "./recipe-conflicts.ts";
import { argv, env, flag, list, path, text } from "./recipe-values.ts";
import { variablesSchema } from "./typed-text.ts";

/** A recipe.yaml over this many bytes is refused. */
export const maximumRecipeBytes = 1024 * 1024;

const afterEnd = "must not come after {wait: power-off}, which ends the steps";

const isoFile = strictObject({ path: path.describe("The ISO, relative to the recipe's folder.") });
const isoDownload = strictObject({
  url: z
    .url({ protocol: /^https?$/, error: "must be an http or https address" })
    .describe("The address that the ISO is downloaded from."),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits in lower case")
    .describe("SHA-256 of the ISO. Tinsmith checks the download against it."),
});

/** An ISO that a person chooses for one installation. */
export const chosenIsoSchema = z.union([isoFile, isoDownload], {
  error: "must be {path: FILE} or {url: ADDRESS, sha256: HEX}",
});

/** The title of an entry of an ISO's boot loader, or its number, from 1 on. */
export const bootEntrySchema = text("must be a text: the title of a boot entry, or its number");

const isoBuild = strictObject({
  build: argv.describe(
    "A program and its arguments. Tinsmith adds the path to which the program must write the ISO.",
  ),
  inputs: list(path).describe(
    "Files that the ISO is built from. Tinsmith runs the program again when they change.",
  ),
  env,
});

const isoSource = z.union([isoFile, isoDownload, isoBuild], {
  error: "must be {path: FILE}, {url: ADDRESS, sha256: HEX} or {build: [PROGRAM, ...], inputs: [PATH, ...]}",
});

const archiveName = z
  .string()
  .regex(/^[^/\0]+\.tar\.(lz4|zst)$/, "must be a file name that ends in .tar.lz4 or .tar.zst")
  .refine((name) => byteLength(name) <= maximumNameBytes, {
    error: `must have at most ${maximumNameBytes} bytes`,
  });

/** The schema of `recipe.yaml`: how the setup image and the worker image of an image set are made. */
export const recipeSchema = strictObject({
  iso: isoSource
    .optional()
    .describe("The ISO that the setup image is installed from. Without it, use --boot ISO."),
  bootEntry: bootEntrySchema
    .optional()
    .describe(
      "The boot entry of the ISO whose kernel Tinsmith boots itself, with a serial console: its title, or its number as a text. tinsmith iso lists them.",
    ),
  size: wholeNumber(limits.diskSize, " of GiB").default(1).describe("Size of the disk in GiB."),
  workerSize: wholeNumber(limits.diskSize, " of GiB")
    .optional()
    .describe(
      "Size of the worker image's disk in GiB, at least that of the setup image's, which is the default. The guest must make its partitions and file systems larger.",
    ),
  machine: path.default("machine.json").describe("The machine definition of a new setup image."),
  internet: flag.default(false).describe("Whether the guest can reach the internet while an image is built."),
  console: consoleSchema
    .default("serial")
    .describe("The console on which the steps of install wait and type."),
  install: list(installStepSchema)
    .superRefine((steps, context) => {
      const end = steps.findIndex(waitsForPowerOff);
      if (end >= 0 && end < steps.length - 1)
        context.addIssue({ code: "custom", path: [end + 1], message: afterEnd });
    })
    .default([])
    .describe("Steps that install the setup image. Empty: you install it by hand."),
  steps: path
    .optional()
    .describe(
      "A file with the steps that install the setup image, such as recorded ones, in place of install. Its console, variables and bootEntry replace the recipe's.",
    ),
  variables: variablesSchema
    .default({})
    .describe(
      "Values for {variable: NAME} in the steps of install, by name. --variable NAME=VALUE replaces one.",
    ),
  cd: list(path)
    .default([])
    .describe("Files for the data CD, in addition to the guest tools. The guest runs setup.sh."),
  guestTools: guestToolsSchema
    .optional()
    .describe("Guest tools of your own: how they are built, the binary, and its arguments in the guest."),
  done: text("must be a text").optional().describe("A line of the guest's log that means success."),
  outputs: strictObject({
    setup: archiveName.optional().describe("File name of the setup image."),
    worker: archiveName.optional().describe("File name of the worker image."),
  })
    .default({})
    .describe(
      "File names of the archives, in the recipe's folder. Default: SET-setup.tar.lz4 and SET-worker.tar.lz4.",
    ),
  matrix: matrixSchema
    .optional()
    .describe("Variants of the worker image, which tinsmith matrix builds: a list of values for each axis."),
});

export type Recipe = Readonly<z.output<typeof recipeSchema>>;
export type IsoSource = z.output<typeof isoSource>;

/** A recipe, or all that is wrong with it. */
type CheckedRecipe =
  | { readonly recipe: Recipe; readonly issues?: undefined }
  | { readonly recipe?: undefined; readonly issues: readonly SchemaIssue[] };

/**
 * Checks the content of a recipe.yaml.
 *
 * @param set the name of its image set, which names the archives that the recipe gives no name.
 */
export function checkRecipe(content: unknown, set?: string): CheckedRecipe {
  const result = recipeSchema.safeParse(content);
  const conflicts = recipeConflicts(content, set);
  if (result.success && conflicts.length === 0) return { recipe: result.data };
  return { issues: [...(result.success ? [] : schemaIssues(result.error, content)), ...conflicts] };
}

/**
 * Reads the text of a recipe.yaml.
 *
 * @param source the origin of the text, for the error's message.
 * @param set the name of its image set; see `checkRecipe`.
 * @throws AppError `invalid-recipe` whose details are all issues, one line each.
 */
export function parseRecipe(text: string, source = "recipe.yaml", set?: string): Recipe {
  const { value, issue } = readYaml(text);
  if (issue !== undefined) throw invalidRecipe(source, [issue]);
  const { recipe, issues } = checkRecipe(value ?? {}, set);
  if (recipe) return recipe;
  throw invalidRecipe(source, describeIssuesOf(text, issues));
}

function invalidRecipe(source: string, details: readonly string[]): AppError {
  return new AppError({
    code: "invalid-recipe",
    message: `${source} is not a valid recipe`,
    advice: "Correct the listed issues.",
    details,
  });
}
