import { yaml } from "@codemirror/lang-yaml";
import { StreamLanguage } from "@codemirror/language";
import { shell } from "@codemirror/legacy-modes/mode/shell";
import type { Extension } from "@codemirror/state";
import type { TextIssue } from "../../../shared/errors/text-issue.ts";
import type { SetFile } from "../../../shared/library/set-file.ts";
import { recipeIssues } from "../../../shared/recipe/recipe-issues.ts";
import { machineTextIssues } from "./machine/machine-issues.ts";
import { machineLanguage } from "./machine/machine-language.ts";
import { recipeLanguage } from "./recipe/recipe-language.ts";

/** The language of a file, for its colours and help. */
export function languageOf({ path, kind }: SetFile, text: string): Extension {
  if (kind === "machine") return machineLanguage;
  if (kind === "recipe") return recipeLanguage;
  if (/\.ya?ml$/.test(path)) return yaml();
  return path.endsWith(".sh") || text.startsWith("#!") ? StreamLanguage.define(shell) : [];
}

/** All that is wrong in a file's text, as far as Tinsmith reads such files. */
export function issuesOf({ path, kind }: SetFile, text: string): readonly TextIssue[] {
  if (kind === "machine") return machineTextIssues(text);
  return kind === "recipe" ? recipeIssues(text, path.split("/").at(-2)) : [];
}
