import { resolve } from "node:path";
import type { Rule } from "../../shared/rules/rule.ts";
import { maximumRulesBytes, parseRules } from "../../shared/rules/rules-file.ts";
import { readTextFile } from "../files/text-file.ts";

/** The name of the file in an image set's folder whose rules apply to sessions for which a person wants that. */
export const setRulesFile = "rules.yaml";

/** Reads a file of rules. @throws AppError `invalid-rules`; as `readTextFile` when it can't be read */
export function readRules(file: string): { readonly seed?: number | undefined; readonly rules: Rule[] } {
  const path = resolve(file);
  const text = readTextFile(path, { maximumBytes: maximumRulesBytes, code: "invalid-rules" });
  const { seed, rules } = parseRules(text, path);
  return { seed, rules: [...rules] };
}
