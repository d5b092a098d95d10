import type { z } from "zod";
import { strictObject } from "../errors/schema-issues.ts";
import { argv, env, list, path, word } from "./recipe-values.ts";

/** Guest tools that are not Tinsmith's: how they are built, the binary, and its arguments in the guest. */
export const guestToolsSchema = strictObject({
  build: argv.optional().describe("A program and its arguments, run in the recipe's folder."),
  inputs: list(path)
    .optional()
    .describe(
      "Files that the program reads. If they are unchanged, Tinsmith need not run it to know that an image is up to date.",
    ),
  env,
  binary: path.describe("The binary, relative to the recipe's folder."),
  run: list(word).default([]).describe("Its arguments in the guest."),
});
export type GuestTools = z.output<typeof guestToolsSchema>;
