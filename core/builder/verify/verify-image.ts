import { realpathSync } from "node:fs";
import { toAppError } from "../../../shared/errors/errors.ts";
import type { Manifest } from "../../../shared/library/manifest.ts";
import type { Finding, Verification } from "../../../shared/library/verification.ts";
import type { BuildEvent } from "../../../shared/session/build.ts";
import { confirmUnpacking, type OpenOptions } from "../../contents/tree/open-contents.ts";
import { requireRegularFile } from "../../files/regular-file.ts";
import { rebuildAndCompare } from "./rebuild-again.ts";
import { findManifest, verifyArchive } from "./verify-archive.ts";
import type { VerifyContext } from "./verify-context.ts";
import { findSet, verifyInputs } from "./verify-inputs.ts";

interface VerifyOptions extends VerifyContext, Pick<OpenOptions, "mayUnpack"> {
  /** The folder of the image's recipe; without it, the archive's own. */
  readonly recipe?: string | undefined;
  /** Whether the inputs are compared. */
  readonly withInputs: boolean;
  /** Whether the image is built again, and compared. */
  readonly rebuilds: boolean;
  readonly onBuildEvent: (event: BuildEvent) => void;
}

/**
 * Compares an archive with its manifest, and what it was made from with what is on disk now.
 *
 * @throws AppError `missing-file` for an archive that is not there; as `confirmUnpacking` and `rebuildAndCompare`
 */
export async function verifyImage(given: string, options: VerifyOptions): Promise<Verification> {
  const archive = realpathSync(requireRegularFile(given));
  const manifest = findManifest(archive);
  if ("subject" in manifest) return { archive, findings: [manifest] };
  const { paths, recipe, withInputs, rebuilds } = options;
  if (manifest.files || rebuilds)
    await confirmUnpacking(paths, archive, options).catch((error) => {
      // It is a finding, below.
      if (toAppError(error).code !== "invalid-archive") throw error;
    });
  const findings: Finding[] = [...(await verifyArchive(archive, manifest, options))];
  const found = withInputs || rebuilds ? findSet(archive, manifest, recipe) : undefined;
  if (found && "subject" in found) findings.push(found);
  else if (found) {
    if (withInputs) findings.push(await verifyInputs(manifest, found, options));
    if (rebuilds) findings.push(...(await rebuildAndCompare(archive, found, options)));
  } else if (rebuilds) findings.push(notRebuilt);
  const { origin } = manifest;
  if (origin) findings.push(describeOrigin(origin));
  return { archive, manifest, findings };
}

const notRebuilt: Finding = {
  ...{ subject: "rebuild", ok: false },
  text: "It can't be built again: it was made without a recipe.",
  advice: "Leave out --rebuild.",
};

function describeOrigin({ name, sha256, changes }: NonNullable<Manifest["origin"]>): Finding {
  const files = changes.map(({ path, change }) => `${path} was ${change}`).join(", ");
  return {
    ...{ subject: "manifest", ok: true },
    text: `It is a changed copy of ${name}, sha256 ${sha256}: ${files}.`,
  };
}
