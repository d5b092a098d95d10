import { z } from "zod";
import { AppError } from "../../../shared/errors/errors.ts";
import { chosenIsoSchema } from "../../../shared/recipe/recipe.ts";

/** The choices that a person can make for one build of a setup image, in place of the recipe's. */
export const setupChoicesSchema = z.object({
  /** Paths are absolute. */
  iso: chosenIsoSchema.optional(),
  /** The title or number of the ISO's boot entry whose kernel is booted; null for the CD. */
  bootEntry: z.string().nullable().optional(),
  /** An absolute path of a machine definition. */
  machine: z.string().optional(),
  /** GiB of the disk. */
  size: z.number().optional(),
  /** A person installs, even if the recipe has install steps. */
  byHand: z.boolean().optional(),
  /** An absolute path of a file with install steps, in place of the recipe's. */
  steps: z.string().optional(),
  /** Values of variables of the install steps, by name. */
  variables: z.record(z.string(), z.string()).optional(),
});
export type SetupChoices = z.infer<typeof setupChoicesSchema>;

/** The CLI options that make these choices. */
const optionNames = {
  iso: "--boot",
  bootEntry: "--boot-entry",
  machine: "--machine",
  size: "--size",
  byHand: "--by-hand",
  steps: "--steps",
  variables: "--variable",
} as const;
type Choice = keyof typeof optionNames;

/** Takes the choices for a build out of its options. */
export function setupChoices(choices: SetupChoices): SetupChoices {
  const { iso, bootEntry, machine, size, byHand, steps, variables } = choices;
  return {
    ...(iso && { iso }),
    ...(bootEntry !== undefined && { bootEntry }),
    ...(machine !== undefined && { machine }),
    ...(size !== undefined && { size }),
    ...(byHand && { byHand }),
    ...(steps !== undefined && { steps }),
    ...(variables && { variables }),
  };
}

/** Names the options that make these choices, for a person. */
export function describeChoices(choices: SetupChoices): string {
  return (Object.keys(choices) as Choice[]).map((choice) => optionNames[choice]).join(" ");
}

/**
 * The choices for a retry: those of the failed build, which a person need not repeat.
 *
 * @param given the person's choices for the retry.
 * @param kept the choices for the failed build.
 * @param own the recipe's values, where nothing was chosen.
 * @throws AppError `usage` when a person has chosen something else than the failed build was made with.
 */
export function retriedChoices(
  given: SetupChoices,
  kept: SetupChoices,
  own: Partial<Record<Choice, unknown>>,
): SetupChoices {
  const before: Partial<Record<Choice, unknown>> = { ...own, ...kept };
  const others = (Object.keys(given) as Choice[]).filter(
    (choice) => JSON.stringify(given[choice]) !== JSON.stringify(before[choice]),
  );
  if (others.length === 0) return kept;
  const options = others.map((choice) => optionNames[choice]).join(" and ");
  throw new AppError({
    code: "usage",
    message: `the failed build had another ${options}`,
    advice: `Leave out ${options} to reuse the work of that build, or leave out --retry to build everything again.`,
  });
}
