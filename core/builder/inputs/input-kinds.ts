import { z } from "zod";
import { type BuildInput, type BuildInputKind, buildInputSchema } from "../../../shared/library/library.ts";

const namedInputsSchema = z.array(z.object({ name: z.string(), digest: z.string() }));

/**
 * Adds the kinds to inputs that an earlier version recorded without: it wrote the recipe first, and the setup image last.
 *
 * @throws z.ZodError when they aren't inputs.
 */
export function withInputKinds(recorded: unknown): readonly BuildInput[] {
  const inputs = namedInputsSchema.parse(recorded);
  const last = inputs.length - 1;
  const isSetupImage = inputs[1] !== undefined && inputs[last]?.name !== "setup image";
  const kindOf = (name: string, index: number): BuildInputKind => {
    if (index === 0 && name === "recipe.yaml") return "recipe";
    if (isSetupImage) return index === 1 ? "machine" : name === "install ISO" ? "install-iso" : "choice";
    if (index === last && name === "setup image") return "setup-image";
    return index === last - 1 && name === "guest tools" ? "guest-tools" : "cd-file";
  };
  return inputs.map((input, index) => ({ kind: kindOf(input.name, index), ...input }));
}

const inputsSchema = z.array(buildInputSchema);

/**
 * Leaves out the inputs for which an earlier version recorded a size and a time of change in place of a digest.
 *
 * @throws z.ZodError when they aren't inputs.
 */
export function withoutTimes(recorded: unknown): readonly BuildInput[] {
  return inputsSchema.parse(recorded).filter(({ kind }) => kind !== "setup-image" && kind !== "install-iso");
}
