import { basename, join, resolve } from "node:path";
import { hasErrorCode } from "../../../shared/errors/system-error.ts";
import {
  type BuildInput,
  type BuildInputKind,
  byHandInput,
  type ImageKind,
} from "../../../shared/library/library.ts";
import type { IsoSource } from "../../../shared/recipe/recipe.ts";
import type { Rule } from "../../../shared/rules/rule.ts";
import { digestText, digestTrees } from "../../files/digest.ts";
import { statusOf } from "../../files/regular-file.ts";
import type { ImageSet } from "../../image-set/image-set.ts";
import { builtIsoKey, type TreeDigest } from "../../iso/built-iso-key.ts";
import { installation } from "../../storage/installation.ts";
import type { SetupChoices } from "./setup-choices.ts";

const isoInput = "install ISO";

/** The sources of Tinsmith's own guest tools. */
const ownGuestTools = Object.values(installation.guestTools).join();

interface InputOptions {
  /** The choices that a person made for this build, in place of the recipe's. */
  readonly choices?: SetupChoices;
  readonly digest?: TreeDigest;
}

/**
 * The inputs that an image of a set would be built from now. An input that is missing or can't be read is
 * distinguished from all others. An archive is up to date when it was built from the same.
 *
 * An ISO file and the setup image count by their size and time of change instead of their bytes, since they are
 * large. Memory and time limits of the virtual machine don't count: an image is not made from them.
 */
export async function buildInputs(
  set: ImageSet,
  image: ImageKind,
  { choices = {}, digest = digestTrees }: InputOptions = {},
): Promise<readonly BuildInput[]> {
  const tolerant: TreeDigest = (paths) => digest(paths).catch(whyNone);
  return image === "setup" ? await setupInputs(set, choices, tolerant) : await workerInputs(set, tolerant);
}

/** The rules of a session that built an image, as an input, which no build without rules has. */
export function rulesInput(rules: readonly Rule[]): readonly BuildInput[] {
  const names = rules.map(({ name }) => name).join(", ");
  return rules.length === 0
    ? []
    : [{ kind: "choice", name: `rules (${names})`, digest: digestText(JSON.stringify(rules)) }];
}

/** Names the inputs that were others when an image was built. */
export function changedInputs(before: readonly BuildInput[], now: readonly BuildInput[]): readonly string[] {
  const digests = new Map(before.map((input) => [inputKey(input), input.digest]));
  const keys = new Set(now.map(inputKey));
  const changed = now.filter((input) => digests.get(inputKey(input)) !== input.digest);
  const gone = before.filter((input) => !keys.has(inputKey(input)));
  return [...changed, ...gone].map(({ name }) => name);
}

/**
 * Identifies an input among those of one image. A file on the data CD is identified by its name there, since earlier
 * versions recorded no more of its path; the path is part of the recipe.
 */
export function inputKey({ kind, name }: BuildInput): string {
  return `${kind} ${kind === "cd-file" ? basename(name) : name}`;
}

/** Names the inputs that make an image out of date. A recipe without an ISO is fine with any that a person has chosen. */
export function staleInputs(
  { recipe }: ImageSet,
  before: readonly BuildInput[],
  now: readonly BuildInput[],
): readonly string[] {
  const counted = recipe.iso ? before : before.filter(({ kind }) => kind !== "install-iso");
  return changedInputs(counted, now);
}

async function setupInputs(
  { folder, recipe }: ImageSet,
  choices: SetupChoices,
  digest: TreeDigest,
): Promise<readonly BuildInput[]> {
  const { size, install, internet } = recipe;
  const machine = await digest([join(folder, recipe.machine)]);
  const iso = recipe.iso && (await isoDigest(folder, recipe.iso, digest));
  const chosenIso = choices.iso && (await isoDigest(folder, choices.iso, digest));
  const chosenMachine = choices.machine && (await digest([choices.machine]));
  return [
    { kind: "recipe", name: "recipe.yaml", digest: digestOf({ size, install, internet }) },
    { kind: "machine", name: recipe.machine, digest: machine },
    ...known("install-iso", isoInput, iso ?? chosenIso),
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
    ...known("choice", byHandInput, choices.byHand && install.length > 0 ? "none" : undefined),
  ];
}

function known(kind: BuildInputKind, name: string, digest: string | undefined): readonly BuildInput[] {
  return digest === undefined ? [] : [{ kind, name, digest }];
}

function otherThan(own: string, chosen: string | undefined): string | undefined {
  return chosen === own ? undefined : chosen;
}

async function isoDigest(folder: string, source: IsoSource, digest: TreeDigest): Promise<string> {
  if ("url" in source) return source.sha256;
  if ("path" in source) return stamp(resolve(folder, source.path));
  return await builtIsoKey(folder, source, digest);
}

function nameOf(source: IsoSource | undefined): string {
  if (!source || "build" in source) return "";
  return basename("url" in source ? source.url : source.path);
}

async function workerInputs(
  { folder, recipe, setupImage }: ImageSet,
  digest: TreeDigest,
): Promise<readonly BuildInput[]> {
  const { done, internet, guestTools, cd } = recipe;
  const files: BuildInput[] = [];
  for (const path of cd)
    files.push({ kind: "cd-file", name: path, digest: await digest([join(folder, path)]) });
  const tools = guestTools ? join(folder, guestTools.binary) : ownGuestTools;
  return [
    { kind: "recipe", name: "recipe.yaml", digest: digestOf({ done, internet, guestTools, cd }) },
    ...files,
    // The sources of guest tools that the recipe builds with its own command are not known.
    ...(guestTools?.build
      ? []
      : [{ kind: "guest-tools" as const, name: "guest tools", digest: await digest([tools]) }]),
    { kind: "setup-image", name: "setup image", digest: stamp(setupImage) },
  ];
}

/** The replacement for the digest of an input that has none. */
function whyNone(error: unknown): string {
  return hasErrorCode(error, "ENOENT", "ENOTDIR") ? "missing" : "unreadable";
}

function stamp(path: string): string {
  const status = statusOf(path);
  return status ? digestOf({ size: status.size, mtimeMs: status.mtimeMs }) : "missing";
}

function digestOf(value: unknown): string {
  return digestText(JSON.stringify(value));
}
