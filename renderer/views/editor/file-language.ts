import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { StreamLanguage } from "@codemirror/language";
import { shell } from "@codemirror/legacy-modes/mode/shell";
import type { Extension } from "@codemirror/state";
import type { TextIssue } from "../../../shared/errors/text-issue.ts";
import type { SetFile } from "../../../shared/library/set-file.ts";
import { recipeSchema } from "../../../shared/recipe/recipe.ts";
import { recipeIssues } from "../../../shared/recipe/recipe-issues.ts";
import { stepsFileSchema } from "../../../shared/recipe/steps-file.ts";
import { stepsIssues } from "../../../shared/recipe/steps-issues.ts";
import { rulesFileSchema } from "../../../shared/rules/rules-file.ts";
import { rulesIssues } from "../../../shared/rules/rules-issues.ts";
import { scenarioSchema } from "../../../shared/scenario/scenario.ts";
import { scenarioIssues } from "../../../shared/scenario/scenario-issues.ts";
import { machineTextIssues } from "./machine/machine-issues.ts";
import { machineLanguage } from "./machine/machine-language.ts";
import { schemaLanguage } from "./yaml/schema-language.ts";

const recipeLanguage = schemaLanguage(recipeSchema);
const stepsLanguage = schemaLanguage(stepsFileSchema);
const rulesLanguage = schemaLanguage(rulesFileSchema);
const scenarioLanguage = schemaLanguage(scenarioSchema);

/** The language of a file, for its colours and help. */
export function languageOf({ path, kind }: SetFile, text: string): Extension {
  if (kind === "machine") return machineLanguage;
  if (kind === "recipe") return recipeLanguage;
  if (kind === "steps") return stepsLanguage;
  if (kind === "rules") return rulesLanguage;
  if (kind === "scenario") return scenarioLanguage;
  return plainLanguageOf(path, text);
}

/** The language of a file that Tinsmith does not read, for its colours. */
export function plainLanguageOf(path: string, text: string): Extension {
  if (path.endsWith(".json")) return json();
  if (/\.ya?ml$/.test(path)) return yaml();
  return path.endsWith(".sh") || text.startsWith("#!") ? StreamLanguage.define(shell) : [];
}

/** All that is wrong in a file's text, as far as Tinsmith reads such files. */
export function issuesOf({ path, kind }: SetFile, text: string): readonly TextIssue[] {
  if (kind === "machine") return machineTextIssues(text);
  if (kind === "steps") return stepsIssues(text);
  if (kind === "rules") return rulesIssues(text);
  if (kind === "scenario") return scenarioIssues(text);
  return kind === "recipe" ? recipeIssues(text, path.split("/").at(-2)) : [];
}
