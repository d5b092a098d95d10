import { z } from "zod";
import { AppError } from "../errors/errors.ts";
import { describeIssues, schemaIssues, strictObject } from "../errors/schema-issues.ts";
import { readYaml } from "../text/yaml-text.ts";
import { recipeSchema } from "./recipe.ts";

const { bootEntry, console, install, variables } = recipeSchema.shape;

/** The schema of a steps file: install steps in place of those of a recipe, such as those of another ISO, or recorded ones. */
export const stepsFileSchema = strictObject({
  note: z
    .string({ error: "must be a text" })
    .optional()
    .describe("A note for the person who uses the steps, such as the ISO that they were tried on."),
  bootEntry,
  console,
  install,
  variables,
});
export type StepsFile = Readonly<z.output<typeof stepsFileSchema>>;

/** The end of the names of steps files in the folder of an image set. */
export const stepsFileEnd = ".steps.yaml";

/**
 * Reads the text of a steps file.
 *
 * @param source the origin of the text, for the error's message.
 * @throws AppError `invalid-recipe` whose details are all issues, one line each.
 */
export function parseStepsFile(text: string, source: string): StepsFile {
  const { value, issue } = readYaml(text);
  if (issue !== undefined) throw invalidSteps(source, [issue]);
  const { data, error } = stepsFileSchema.safeParse(value ?? {});
  if (data) return data;
  throw invalidSteps(source, describeIssues(schemaIssues(error, value)));
}

function invalidSteps(source: string, details: readonly string[]): AppError {
  return new AppError({
    code: "invalid-recipe",
    message: `${source} is not a valid file of install steps`,
    advice: "Correct the listed issues.",
    details,
  });
}
