import { AppError } from "../../../shared/errors/errors.ts";
import type { ComparedInput } from "../../../shared/library/library.ts";
import type { ImageSet } from "../../image-set/image-set.ts";
import { keptDigests } from "../../storage/digest-store.ts";
import type { Paths } from "../../storage/paths.ts";
import { buildInputs } from "../inputs/build-inputs.ts";
import { compareInputs } from "../inputs/compare-inputs.ts";
import { describeChoices, type SetupChoices } from "../inputs/setup-choices.ts";
import { recallByContent } from "./build-records.ts";

/** Refuses a setup image that was built otherwise than a person has chosen now. @throws AppError `usage` */
export async function requireChosenSetup(set: ImageSet, choices: SetupChoices, paths: Paths): Promise<void> {
  const options = describeChoices(choices);
  if (!options) return;
  const built = (await recallByContent(paths, set.setupImage, keptDigests(paths)))?.record.inputs;
  const wanted = await buildInputs(set, "setup", { choices, digests: keptDigests(paths) });
  // Another version of a program is not another choice, nor is an ISO that an earlier version of Tinsmith did not record.
  const isOther = ({ kind, change }: ComparedInput) =>
    change && kind !== "tool" && (change !== "not-recorded" || (kind === "install-iso" && choices.iso));
  if (built && !compareInputs(built, wanted).some(isOther)) return;
  throw new AppError({
    code: "usage",
    message: `${options} applies to the setup image, and ${set.setupImage} was built without it`,
    advice: `Build it again with tinsmith rebuild setup and the same options, or leave out ${options}.`,
  });
}
