import { z } from "zod";
import { AppError } from "../errors/errors.ts";
import { describeIssues, schemaIssues, strictObject, wholeNumber } from "../errors/schema-issues.ts";
import { readYaml } from "../text/yaml-text.ts";
import { maximumRules, type Rule, ruleSchema } from "./rule.ts";

/** A rules.yaml over this many bytes is refused. */
export const maximumRulesBytes = 1024 * 1024;

/** A list of rules in which no name is twice. */
export const rulesSchema = z
  .array(ruleSchema, { error: "must be a list of rules" })
  .max(maximumRules, `must have at most ${maximumRules} rules`)
  .superRefine((rules, context) => {
    for (const [index, { name }] of rules.entries())
      if (rules.findIndex((rule) => rule.name === name) !== index)
        context.addIssue({ code: "custom", path: [index, "name"], message: "another rule has this name" });
  });

/** The schema of a file of rules. */
export const rulesFileSchema = strictObject({
  seed: wholeNumber(2 ** 31)
    .optional()
    .describe(
      "Decides which messages the rules with a probability apply to. Default: another one each time.",
    ),
  rules: rulesSchema.describe("The rules. Each that fits a message applies to it, in this order."),
});
export type RulesFile = Readonly<{ seed?: number | undefined; rules: readonly Rule[] }>;

/**
 * Reads the text of a file of rules.
 *
 * @param source the origin of the text, for the error's message
 * @throws AppError `invalid-rules` whose details are all issues, one line each
 */
export function parseRules(text: string, source = "rules.yaml"): RulesFile {
  const { value, issue } = readYaml(text);
  if (issue !== undefined) throw invalidRules(source, [issue]);
  const result = rulesFileSchema.safeParse(value ?? {});
  if (result.success) return result.data;
  throw invalidRules(source, describeIssues(schemaIssues(result.error, value)));
}

function invalidRules(source: string, details: readonly string[]): AppError {
  return new AppError({
    code: "invalid-rules",
    message: `${source} has invalid rules`,
    advice: "Correct the listed issues.",
    details,
  });
}
