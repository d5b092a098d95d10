import type { TextIssue } from "../errors/text-issue.ts";
import { yamlIssues } from "../errors/yaml-issues.ts";
import { checkRecipe } from "./recipe.ts";

/**
 * All problems in the text of a recipe.yaml, each with its place: exactly those for which `parseRecipe` refuses it.
 *
 * @param set the name of its image set; see `checkRecipe`.
 */
export function recipeIssues(text: string, set?: string): readonly TextIssue[] {
  return yamlIssues(text, (value) => checkRecipe(value, set).issues ?? []);
}
