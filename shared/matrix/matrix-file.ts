import { AppError } from "../errors/errors.ts";
import { describeIssuesOf } from "../errors/issue-lines.ts";
import { schemaIssues } from "../errors/schema-issues.ts";
import { readYaml } from "../text/yaml-text.ts";
import { type MatrixFile, matrixFileSchema } from "./matrix-schema.ts";

/**
 * Reads the text of a matrix.yaml.
 *
 * @param source the origin of the text, for the error's message
 * @throws AppError `invalid-recipe` whose details are all issues: line, key and requirement
 */
export function parseMatrixFile(text: string, source: string): MatrixFile {
  const { value, issue } = readYaml(text);
  if (issue !== undefined) throw invalidMatrix(source, [issue]);
  const result = matrixFileSchema.safeParse(value ?? {});
  if (result.success) return result.data;
  throw invalidMatrix(source, describeIssuesOf(text, schemaIssues(result.error, value)));
}

/** The error for a matrix that can't be built. */
export function invalidMatrix(source: string, details: readonly string[]): AppError {
  return new AppError({
    code: "invalid-recipe",
    message: `${source} has no valid matrix`,
    advice: "Correct the listed issues.",
    details,
  });
}
