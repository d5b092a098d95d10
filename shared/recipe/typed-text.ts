import { z } from "zod";
import { strictObject } from "../errors/schema-issues.ts";

const nameRule = "must be a name of letters, digits and _";
const name = z.string({ error: nameRule }).regex(/^[A-Za-z_]\w*$/, nameRule);

const partRule = "must be a text, {secret: NAME} or {variable: NAME}";
const rule = "must be a line, or a list of texts, {secret: NAME} and {variable: NAME}";

const secret = strictObject({
  secret: name.describe(
    "The name of a secret, which is asked for or comes from the environment, and is never stored.",
  ),
});
const variable = strictObject({ variable: name.describe("The name of a variable of the recipe.") });

/** A line that is typed: a text, or parts, some of which are known only when it is typed. */
export const typedTextSchema = z.union(
  [
    z.string(),
    z.array(z.union([z.string(), secret, variable], { error: partRule })).min(1, "must have a part"),
  ],
  {
    // The issue of a part says more than that it is neither a text nor a list.
    error: (issue) => (Array.isArray(issue.input) ? partRule : rule),
  },
);
export type TypedText = z.output<typeof typedTextSchema>;
export type TypedPart = Exclude<TypedText, string>[number];

/** The values of a recipe's variables, by name. */
export const variablesSchema = z.record(name, z.string({ error: "must be a text" }), {
  error: "must be an object of texts",
});

export function partsOfTyped(typed: TypedText): readonly TypedPart[] {
  return typeof typed === "string" ? [typed] : typed;
}

/** The line as a person may see it: a secret is only named. */
export function describeTyped(typed: TypedText): string {
  return partsOfTyped(typed)
    .map((part) => {
      if (typeof part === "string") return part;
      return "secret" in part ? `{secret: ${part.secret}}` : `{variable: ${part.variable}}`;
    })
    .join("");
}
