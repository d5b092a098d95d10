import type { BuildInput } from "../../shared/library/library.ts";
import { buildInputs } from "../builder/inputs/build-inputs.ts";
import { changedInputs } from "../builder/inputs/compare-inputs.ts";
import type { ImageSet } from "../image-set/image-set.ts";
import { type BootCheckpoint, createBootCheckpoint } from "../runner/boot-checkpoint.ts";

/**
 * The saved state of a worker image just before its guest tools ask for their task. As they are replaced anyway, it is good
 * for all worker images that differ from it in nothing else.
 */
export interface WarmBase extends Disposable {
  /** The state, or the reason why there is none for a worker image of these inputs. */
  find(inputs: readonly BuildInput[]): BootCheckpoint | { readonly reason: string };
  /** A place for the state of a worker image that has just been built from these inputs. */
  begin(inputs: readonly BuildInput[]): BootCheckpoint;
  /** Throws the state away: it could not be used. */
  drop(): void;
}

export function createWarmBase(): WarmBase {
  let base: { readonly checkpoint: BootCheckpoint; readonly inputs: readonly BuildInput[] } | undefined;
  const drop = () => {
    base?.checkpoint[Symbol.dispose]();
    base = undefined;
  };
  return {
    find: (inputs) => {
      if (!base?.checkpoint.isSaved) return { reason: "no state of a worker image is saved yet" };
      const changed = changedInputs(base.inputs, inputs);
      if (changed.length === 0) return base.checkpoint;
      return {
        reason: `${changed.join(", ")} changed, and only guest tools can be replaced in a saved state`,
      };
    },
    begin: (inputs) => {
      drop();
      base = { checkpoint: createBootCheckpoint(), inputs };
      return base.checkpoint;
    },
    drop,
    [Symbol.dispose]: drop,
  };
}

/** The inputs of a set's worker image that a replacement of guest tools does not bring into a saved state. */
export async function inputsBesideTools(set: ImageSet): Promise<readonly BuildInput[]> {
  const inputs = await buildInputs(set, "worker");
  return inputs.filter(({ kind }) => kind !== "guest-tools");
}
