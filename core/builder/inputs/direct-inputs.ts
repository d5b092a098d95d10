import { basename } from "node:path";
import type { DirectBuildPlan } from "../../../shared/contracts/plan.ts";
import type { BuildInput, BuildInputKind } from "../../../shared/library/library.ts";
import type { Digests } from "../../files/digest.ts";
import { qemuProgram } from "../../qemu/hardware/qemu-program.ts";
import { toolInputs, whyNone } from "./build-inputs.ts";

/** The inputs of a build without a recipe, for its manifest: nothing is rebuilt by them. */
export async function directInputs(
  { source, bootIso, dataIso, kernel }: DirectBuildPlan,
  digests: Digests,
): Promise<readonly BuildInput[]> {
  const file = async (kind: BuildInputKind, path: string | undefined): Promise<readonly BuildInput[]> =>
    path === undefined
      ? []
      : [{ kind, name: basename(path), digest: await digests.file(path).catch(whyNone) }];
  const inputs = await Promise.all([
    source.kind === "new" ? file("machine", source.machine) : file("setup-image", source.archive),
    file("install-iso", bootIso),
    file("cd-file", dataIso),
    file("kernel", kernel?.kernel),
    file("kernel", kernel?.initrd),
    toolInputs([["QEMU", qemuProgram()]], digests),
  ]);
  return inputs.flat();
}
