import { dirname } from "node:path";
import { toAppError } from "../../../shared/errors/errors.ts";
import { describeChanges } from "../../../shared/library/describe-changes.ts";
import type { ImageKind } from "../../../shared/library/library.ts";
import type { Manifest } from "../../../shared/library/manifest.ts";
import type { Finding } from "../../../shared/library/verification.ts";
import { formatCount } from "../../../shared/text/format.ts";
import { quoteForShell } from "../../../shared/text/quote-for-shell.ts";
import { type ImageSet, readImageSet } from "../../image-set/image-set.ts";
import { portableInputs } from "../../manifest/manifest-file.ts";
import { keptDigests } from "../../storage/digest-store.ts";
import { compareWithNow } from "../freshness/judge-image.ts";
import type { VerifyContext } from "./verify-context.ts";

/** The image that an archive is by its manifest, and its image set. */
export interface ManifestSet {
  readonly image: ImageKind;
  readonly set: ImageSet;
}

/**
 * Finds the image set of an archive that was built by a recipe.
 *
 * @param folder that of the recipe; without it, the archive's own
 * @returns undefined for an archive that was made without a recipe; the finding if there is no recipe
 */
export function findSet(
  archive: string,
  { kind }: Manifest,
  folder: string = dirname(archive),
): ManifestSet | Finding | undefined {
  if (kind !== "setup" && kind !== "worker") return undefined;
  try {
    return { image: kind, set: readImageSet(folder) };
  } catch (error) {
    const text = `The inputs can't be compared: ${toAppError(error).message}.`;
    const advice =
      "Name the folder of its image set with --recipe, or leave the inputs out with --no-inputs.";
    return { subject: "inputs", ok: false, text, advice };
  }
}

/** Compares the inputs that a manifest names with those that are on disk now. */
export async function verifyInputs(
  { inputs: recorded }: Manifest,
  { image, set }: ManifestSet,
  { paths, signal }: VerifyContext,
): Promise<Finding> {
  const subject = "inputs";
  const digests = keptDigests(paths, signal);
  const compared = await compareWithNow(set, image, recorded, { digests, rename: portableInputs });
  signal.throwIfAborted();
  const changed = compared.filter(({ change }) => change && change !== "unknown");
  const unknown = compared.filter(({ change }) => change === "unknown");
  const rest = unknown.length === 0 ? "" : `; ${describeChanges(unknown)}`;
  if (changed.length === 0) {
    const count = formatCount(compared.length - unknown.length, "input");
    return { subject, ok: true, text: `Its ${count} are those on disk now${rest}.` };
  }
  return {
    ...{ subject, ok: false, inputs: changed },
    text: `Its inputs are not those on disk now: ${describeChanges(changed)}${rest}.`,
    advice: `Build it again with tinsmith rebuild ${image} --recipe ${quoteForShell(set.folder)}, or restore them.`,
  };
}
