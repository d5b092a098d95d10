import type { BuildInput, ComparedInput, ImageKind, InputChange } from "../../../shared/library/library.ts";
import { type Digests, plainDigests } from "../../files/digest.ts";
import { statusOf } from "../../files/regular-file.ts";
import type { ImageSet } from "../../image-set/image-set.ts";
import type { Paths } from "../../storage/paths.ts";
import { buildInputs, guestToolsAreUnknown, guestToolsInput } from "../inputs/build-inputs.ts";
import { compareInputs } from "../inputs/compare-inputs.ts";
import type { SetupChoices } from "../inputs/setup-choices.ts";
import { isBuilt, type KnownArchive, readBuildRecord } from "./build-records.ts";

/** Whether an image is what a build would make now, and why not. */
export interface Judgement {
  /** The archive's path. */
  readonly path: string;
  /** The record of the build that made the archive; absent if the archive is missing, or is another one. */
  readonly known?: KnownArchive;
  /** The inputs, then and now. The archive itself comes first when it is not the one that was built. */
  readonly inputs: readonly ComparedInput[];
  /** Those that have changed. None: the image is up to date. */
  readonly changed: readonly ComparedInput[];
}

interface JudgeOptions {
  /** The choices that a person makes for the build, in place of the recipe's. */
  readonly choices?: SetupChoices;
  readonly digests?: Digests;
}

/** Compares an image and all that it was built from with what is there now. */
export async function judgeImage(
  paths: Paths,
  set: ImageSet,
  image: ImageKind,
  { choices = {}, digests = plainDigests() }: JudgeOptions = {},
): Promise<Judgement> {
  const path = image === "setup" ? set.setupImage : set.workerImage;
  const { known, problem } = readBuildRecord(paths, path);
  const change = await changeOfArchive(paths, path, known, problem, digests);
  const compared = await compareWithNow(set, image, known?.record.inputs ?? [], { choices, digests });
  const archive: ComparedInput | undefined = change && {
    ...{ kind: "archive", name: "archive", change },
    ...(known && { before: known.digest }),
  };
  return {
    path,
    ...(known && !change && { known }),
    inputs: [...(archive ? [archive] : []), ...compared],
    // Without the archive or its record, nothing is known to have changed.
    changed: archive && change !== "changed" ? [archive] : changedOf(archive, compared),
  };
}

/** Compares inputs that an image was built from with those that it would be built from now. @param rename changes the names of the latter */
export async function compareWithNow(
  set: ImageSet,
  image: ImageKind,
  recorded: readonly BuildInput[],
  {
    rename = (inputs) => inputs,
    choices = {},
    digests,
  }: JudgeOptions & { readonly rename?: (inputs: readonly BuildInput[]) => readonly BuildInput[] },
): Promise<readonly ComparedInput[]> {
  // A recipe without an ISO is fine with any that a person has chosen.
  const before =
    set.recipe.iso || choices.iso ? recorded : recorded.filter(({ kind }) => kind !== "install-iso");
  const now = rename(await buildInputs(set, image, { choices, ...(digests && { digests }) }));
  return withUnknownTools(set, compareInputs(before, now));
}

/** Nobody knows whether guest tools of unknown sources have changed, before their build command has run. */
function withUnknownTools(set: ImageSet, inputs: readonly ComparedInput[]): readonly ComparedInput[] {
  if (!guestToolsAreUnknown(set)) return inputs;
  const isTools = ({ kind, name }: ComparedInput) => kind === "guest-tools" && name === guestToolsInput;
  const built = inputs.find(isTools);
  const tools = { kind: "guest-tools", name: guestToolsInput } as const;
  return [
    ...inputs.filter((input) => !isTools(input)),
    built ? { ...tools, before: built.before, change: "unknown" } : { ...tools, change: "not-recorded" },
  ];
}

function changedOf(
  archive: ComparedInput | undefined,
  compared: readonly ComparedInput[],
): readonly ComparedInput[] {
  return [...(archive ? [archive] : []), ...compared.filter(({ change }) => change)];
}

async function changeOfArchive(
  paths: Paths,
  path: string,
  known: KnownArchive | undefined,
  problem: InputChange | undefined,
  digests: Digests,
): Promise<InputChange | undefined> {
  if (!statusOf(path)) return "missing";
  if (!known) return problem;
  try {
    return (await isBuilt(paths, path, known, digests)) ? undefined : "changed";
  } catch {
    return "unreadable";
  }
}
