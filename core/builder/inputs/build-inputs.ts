import { basename, join, resolve } from "node:path";
import { hasErrorCode } from "../../../shared/errors/system-error.ts";
import { byHandInput, stepsInput } from "../../../shared/library/installed-by.ts";
import type { BuildInput, BuildInputKind, ImageKind } from "../../../shared/library/library.ts";
import type { GuestTools } from "../../../shared/recipe/guest-tools.ts";
import { recipeBootEntry } from "../../../shared/recipe/install-choices.ts";
import { namesIn } from "../../../shared/recipe/install-step.ts";
import type { IsoSource } from "../../../shared/recipe/recipe.ts";
import type { Rule } from "../../../shared/rules/rule.ts";
import { type Digests, digestText, plainDigests } from "../../files/digest.ts";
import { statusOf } from "../../files/regular-file.ts";
import type { ImageSet } from "../../image-set/image-set.ts";
import { withSteps } from "../../image-set/steps-file.ts";
import { builtIsoKey, builtIsoParts } from "../../iso/built-iso-key.ts";
import { commandDigests, type NamedDigest, toolDigest } from "../../process/command-digests.ts";
import { qemuProgram } from "../../qemu/hardware/qemu-program.ts";
import { installation } from "../../storage/installation.ts";
import { noDigest } from "./compare-inputs.ts";
import type { SetupChoices } from "./setup-choices.ts";

const isoInput = "install ISO";
/** The input that stands for guest tools whose sources are one folder, one binary, or not known. */
export const guestToolsInput = "guest tools";

/** The sources of Tinsmith's own guest tools. */
const ownGuestTools = Object.values(installation.guestTools).join();

/** The version of all that Tinsmith itself does to an image's bytes. It rises when a build from the same makes others. */
const buildVersion = 1;

interface InputOptions {
  /** The choices that a person made for this build, in place of the recipe's. */
  readonly choices?: SetupChoices;
  readonly digests?: Digests;
}

/**
 * The inputs that an image of a set would be built from now: files, commands, choices, variables that the recipe names,
 * and the programs that make the image. An input that is missing or can't be read is distinguished from all others. An
 * archive is up to date when it was built from the same.
 *
 * Memory and time limits of the virtual machine don't count: an image is not made from them. Guest tools that a command
 * builds from files that the recipe doesn't name are not among them: see `guestToolsAreUnknown`.
 */
export async function buildInputs(
  set: ImageSet,
  image: ImageKind,
  { choices = {}, digests = plainDigests() }: InputOptions = {},
): Promise<readonly BuildInput[]> {
  const tolerant: Digests = {
    trees: (paths) => digests.trees(paths).catch(whyNone),
    file: (path) => digests.file(path).catch(whyNone),
  };
  return image === "setup" ? await setupInputs(set, choices, tolerant) : await workerInputs(set, tolerant);
}

/** Whether only the command that builds a recipe's guest tools knows what they are built from. */
export function guestToolsAreUnknown({ recipe: { guestTools } }: ImageSet): boolean {
  return guestTools?.build !== undefined && guestTools.inputs === undefined;
}

/** The guest tools that were built from unknown sources, as an input: the binary itself. @param binary its path */
export async function builtGuestTools(binary: string, digests: Digests): Promise<BuildInput> {
  return { kind: "guest-tools", name: guestToolsInput, digest: await digests.file(binary).catch(whyNone) };
}

/** The rules of a session that built an image, as an input, which no build without rules has. */
export function rulesInput(rules: readonly Rule[]): readonly BuildInput[] {
  const names = rules.map(({ name }) => name).join(", ");
  return rules.length === 0
    ? []
    : [{ kind: "choice", name: `rules (${names})`, digest: digestText(JSON.stringify(rules)) }];
}

async function setupInputs(
  set: ImageSet,
  choices: SetupChoices,
  digests: Digests,
): Promise<readonly BuildInput[]> {
  const { folder, recipe } = set;
  const { size, console, install, internet, variables, bootEntry } = recipe;
  // A recipe without these keys has the digest that it had before there were such keys.
  const onScreen = console === "serial" ? {} : { console };
  const named = namesIn(install, "variable").map((name) => [name, variables[name]]);
  const typed = named.length === 0 ? {} : { variables: Object.fromEntries(named) };
  const directly = bootEntry === undefined ? {} : { bootEntry };
  const inserted = install.flatMap(({ insert }) => insert ?? []);
  // They are a part of the recipe: a build that failed for want of one continues with another.
  const regions = new Set(install.flatMap(({ region }) => region ?? []));
  const machine = await digests.trees([join(folder, recipe.machine)]);
  const iso = recipe.iso && (await isoDigest(folder, recipe.iso, digests));
  const chosenIso = choices.iso && (await isoDigest(folder, choices.iso, digests));
  const chosenMachine = choices.machine && (await digests.trees([choices.machine]));
  const chosenSteps = choices.steps && digestOf(withSteps(set, choices.steps).recipe);
  return [
    {
      kind: "recipe",
      name: "recipe.yaml",
      digest: digestOf({ size, install, internet, ...onScreen, ...typed, ...directly }),
    },
    { kind: "machine", name: recipe.machine, digest: machine },
    ...(recipe.iso && "build" in recipe.iso
      ? await isoParts(folder, recipe.iso, digests)
      : known("install-iso", isoInput, iso ?? chosenIso)),
    // Each choice that differs from the recipe is one more input, which no build by the recipe alone has.
    ...known("choice", `${isoInput} (${nameOf(choices.iso)} was chosen)`, iso && otherThan(iso, chosenIso)),
    ...known(
      "choice",
      `machine definition (${basename(choices.machine ?? "")} was chosen)`,
      otherThan(machine, chosenMachine),
    ),
    ...known(
      "choice",
      `disk size (${choices.size} GiB was chosen)`,
      otherThan(`${size}`, choices.size?.toString()),
    ),
    ...Object.entries(choices.variables ?? {}).flatMap(([name, value]) =>
      known("choice", `variable ${name}`, variables[name] === value ? undefined : digestText(value)),
    ),
    ...known(
      "choice",
      `boot entry (${choices.bootEntry ?? "the CD"} was chosen)`,
      otherThan(recipeBootEntry(recipe, choices) ?? "", choices.bootEntry === null ? "" : choices.bootEntry),
    ),
    ...known("choice", stepsInput(basename(choices.steps ?? "")), otherThan(digestOf(recipe), chosenSteps)),
    ...known("choice", byHandInput, choices.byHand && install.length > 0 ? "none" : undefined),
    ...(await filesOf("cd-file", inserted, folder, digests)),
    ...(await filesOf("recipe", [...regions], folder, digests)),
    ...(await toolInputs([["QEMU", qemuProgram()]], digests)),
  ];
}

async function filesOf(
  kind: BuildInputKind,
  paths: readonly string[],
  folder: string,
  digests: Digests,
): Promise<readonly BuildInput[]> {
  const read = async (path: string) => ({
    kind,
    name: path,
    digest: await digests.trees([resolve(folder, path)]),
  });
  return await Promise.all(paths.map(read));
}

function known(kind: BuildInputKind, name: string, digest: string | undefined): readonly BuildInput[] {
  return digest === undefined ? [] : [{ kind, name, digest }];
}

function otherThan(own: string, chosen: string | undefined): string | undefined {
  return chosen === own ? undefined : chosen;
}

async function isoDigest(folder: string, source: IsoSource, digests: Digests): Promise<string> {
  if ("url" in source) return source.sha256;
  if ("build" in source) return await builtIsoKey(folder, source, digests);
  const path = resolve(folder, source.path);
  // The disk in a drive may have been changed, which its device does not tell.
  return statusOf(path)?.isBlockDevice() ? noDigest.unknown : await digests.file(path);
}

async function isoParts(
  folder: string,
  source: Extract<IsoSource, { build: unknown }>,
  digests: Digests,
): Promise<readonly BuildInput[]> {
  return (await builtIsoParts(folder, source, digests)).map((part) => asInput(part, "install-iso"));
}

function asInput({ kind, ...part }: NamedDigest, fileKind: BuildInputKind): BuildInput {
  return { kind: kind === "file" ? fileKind : kind, ...part };
}

function nameOf(source: IsoSource | undefined): string {
  if (!source || "build" in source) return "";
  return basename("url" in source ? source.url : source.path);
}

async function workerInputs(
  { folder, recipe, setupImage }: ImageSet,
  digests: Digests,
): Promise<readonly BuildInput[]> {
  const { done, internet, guestTools, cd, workerSize } = recipe;
  const files: BuildInput[] = [];
  for (const path of cd)
    files.push({ kind: "cd-file", name: path, digest: await digests.trees([join(folder, path)]) });
  // A recipe without this key has the digest that it had before there was such a key.
  const grown = workerSize === undefined ? {} : { workerSize };
  const compiler = guestTools || "binary" in installation.guestTools ? [] : [["Go", "go"] as const];
  return [
    { kind: "recipe", name: "recipe.yaml", digest: digestOf({ done, internet, guestTools, cd, ...grown }) },
    ...files,
    ...(await toolsInputs(folder, guestTools, digests)),
    { kind: "setup-image", name: "setup image", digest: await digests.file(setupImage) },
    ...(await toolInputs([["QEMU", qemuProgram()], ["xorriso", "xorriso"], ...compiler], digests)),
  ];
}

async function toolsInputs(
  folder: string,
  guestTools: GuestTools | undefined,
  digests: Digests,
): Promise<readonly BuildInput[]> {
  const { build, inputs = [], env, binary } = guestTools ?? {};
  if (!build) {
    const path = binary === undefined ? ownGuestTools : join(folder, binary);
    return [{ kind: "guest-tools", name: guestToolsInput, digest: await digests.trees([path]) }];
  }
  const command = await commandDigests(folder, { build, env }, digests);
  const files: BuildInput[] = [];
  for (const path of inputs)
    files.push({ kind: "guest-tools", name: path, digest: await digests.trees([resolve(folder, path)]) });
  return [...command.map((part) => asInput(part, "guest-tools")), ...files];
}

/** The programs that make an image, Tinsmith itself among them. */
export async function toolInputs(
  programs: readonly (readonly [name: string, program: string])[],
  digests: Digests,
): Promise<readonly BuildInput[]> {
  const found: BuildInput[] = [];
  for (const [name, program] of programs)
    found.push({ kind: "tool", name, digest: await toolDigest(program, digests) });
  const { version } = installation;
  return [...found, { kind: "tool", name: "Tinsmith", digest: digestOf({ version, buildVersion }) }];
}

/** The replacement for the digest of an input that has none. */
export function whyNone(error: unknown): string {
  return hasErrorCode(error, "ENOENT", "ENOTDIR", "missing-file") ? noDigest.missing : noDigest.unreadable;
}

function digestOf(value: unknown): string {
  return digestText(JSON.stringify(value));
}
