import { z } from "zod";
import { pathIssue } from "../text/path-limits.ts";

// The forms of the values of a recipe.

/** A text that is not empty. @param rule for all else */
export const text = (rule: string) => z.string({ error: rule }).min(1, rule);

/** A path, relative to the recipe's folder. */
export const path = text("must be a path, relative to the recipe's folder").superRefine((value, context) => {
  const message = pathIssue(value);
  if (message !== undefined) context.addIssue(message);
});

/** A text that becomes an argument of a program, or a word in a script. */
export const word = z.string({ error: "must be a text" }).regex(/^[^\0]*$/, "must not have a NUL character");

/** A program and its arguments. */
export const argv = z.tuple([word.min(1, "must name a program")], word, {
  error: "must be a list: a program and its arguments",
});

/** A list of any length. */
export const list = <Item extends z.ZodType>(item: Item) => z.array(item, { error: "must be a list" });

export const flag = z.boolean({ error: "must be true or false" });

const variableName = z
  .string({ error: "must be the name of a variable" })
  .regex(/^[A-Za-z_]\w*$/, "must be the name of a variable");

/** The environment variables of a build command. */
export const env = list(variableName)
  .optional()
  .describe(
    "Environment variables that the build command gets, in addition to those that say where it runs.",
  );
