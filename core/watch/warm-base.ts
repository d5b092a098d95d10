import { join } from "node:path";
import type { WatchPlan } from "../../shared/contracts/plan.ts";
import { toAppError } from "../../shared/errors/errors.ts";
import type { BuildInput } from "../../shared/library/library.ts";
import { aborted } from "../async/abort.ts";
import { recallByContent } from "../builder/freshness/build-records.ts";
import { buildInputs } from "../builder/inputs/build-inputs.ts";
import { changedInputs } from "../builder/inputs/compare-inputs.ts";
import { setupState } from "../builder/warm/save-states.ts";
import { type OpenedImage, openImage } from "../image/archive/open-image.ts";
import type { ImageSet } from "../image-set/image-set.ts";
import { identifyState } from "../states/capture-state.ts";
import { saveImageState } from "../states/save-image-state.ts";
import { discardState, findState, type SavedState } from "../states/state-store.ts";
import { keptDigests } from "../storage/digest-store.ts";
import type { Paths, SessionPaths } from "../storage/paths.ts";

/** The saved state of a worker image from which the fast verdicts start. */
export interface WarmState {
  readonly image: OpenedImage;
  readonly state: SavedState;
}

/**
 * The saved states of a watch. As guest tools are replaced anyway, the state of a worker image is good for all that differ
 * from it in nothing else. Disposing of it ends the saving that is under way.
 */
export interface WarmBase extends AsyncDisposable {
  /** The state, or the reason why there is none for a worker image of these inputs. @throws the signal's reason */
  find(
    set: ImageSet,
    inputs: readonly BuildInput[],
    signal: AbortSignal,
  ): Promise<WarmState | { readonly reason: string }>;
  /**
   * Begins to save what the next rounds continue from, where that is missing: the state of the worker image that has just
   * been built, and that of its setup image, from which it is rebuilt.
   */
  save(set: ImageSet): void;
  /** Deletes the state: it could not be restored. */
  drop(reason: string): Promise<void>;
}

interface WarmBaseOptions extends Pick<WatchPlan, "memory" | "trusted"> {
  readonly paths: Paths;
  /** The watch's session. */
  readonly session: { readonly id: string; readonly paths: SessionPaths };
}

interface Base extends WarmState, Disposable {
  /** The inputs of the worker image beside its guest tools. */
  readonly inputs: readonly BuildInput[];
}

export function createWarmBase({ paths, session, memory, trusted }: WarmBaseOptions): WarmBase {
  const ended = new AbortController();
  let base: Base | undefined;
  let problem = "no state of a worker image is saved yet";
  /** All saving that was begun. */
  let queue = Promise.resolve();
  /** The saving of a worker image's state that is under way. */
  let saving: Promise<void> | undefined;

  const fits = (inputs: readonly BuildInput[]): boolean =>
    base !== undefined && changedInputs(base.inputs, inputs).length === 0;

  /** Takes the saved state of the worker image that is there, if its inputs are these. */
  const take = async (
    { workerImage: archive }: ImageSet,
    inputs: readonly BuildInput[],
    signal: AbortSignal,
  ): Promise<void> => {
    const built = await recallByContent(paths, archive, keptDigests(paths, signal));
    if (!built) return;
    const own = besideTools(built.record.inputs);
    if (changedInputs(own, inputs).length > 0) return;
    using cleanup = new DisposableStack();
    const ownFolder = join(session.paths.working, "unpacked");
    const image = cleanup.use(await openImage(paths, { archive, trusted, ownFolder, signal }));
    if (image.digest !== built.digest) return;
    const { key } = await identifyState({
      ...{ paths, archive, image, memory, moment: "guest-tools" },
      ...{ files: session.paths, name: session.id },
    });
    const state = await findState(paths, key);
    if (!state) return;
    cleanup.use(state);
    base?.[Symbol.dispose]();
    const owned = cleanup.move();
    base = { image, state, inputs: own, [Symbol.dispose]: () => owned.dispose() };
  };

  const saveWorker = async (set: ImageSet): Promise<void> => {
    const { signal } = ended;
    const inputs = besideTools(await workerInputs(set, paths, signal));
    if (fits(inputs)) return;
    const { workerImage: archive } = set;
    const options = {
      paths,
      archive,
      memory,
      trusted,
      moment: "guest-tools",
      isForced: false,
      signal,
    } as const;
    const { state } = await saveImageState({ ...options, onNote: () => {} });
    using _held = state;
    await take(set, inputs, signal);
  };

  const saveSetup = async (set: ImageSet): Promise<void> => {
    const { signal } = ended;
    for (const wanted of setupState(set)) {
      const { state } = await saveImageState({
        ...{ ...wanted, paths, trusted, isForced: false, signal },
        onNote: () => {},
      });
      state[Symbol.dispose]();
    }
  };

  return {
    find: async (set, all, signal) => {
      const inputs = besideTools(all);
      if (saving !== undefined && !fits(inputs)) await Promise.race([saving, aborted(signal)]);
      if (!fits(inputs))
        await take(set, inputs, signal).catch((error) => {
          signal.throwIfAborted();
          problem = toAppError(error).message;
        });
      if (base && fits(inputs)) return base;
      return { reason: base ? cannotBeReplaced(changedInputs(base.inputs, inputs)) : problem };
    },
    save: (set) => {
      const saveAll = async () => {
        if (ended.signal.aborted) return;
        saving = saveWorker(set).catch((error) => {
          problem = `the state of the worker image could not be saved: ${toAppError(error).message}`;
        });
        await saving;
        saving = undefined;
        // Builds then boot it.
        await saveSetup(set).catch(() => {});
      };
      queue = queue.then(saveAll);
    },
    drop: async (reason) => {
      if (!base) return;
      await discardState(paths, base.state, reason);
      base[Symbol.dispose]();
      base = undefined;
    },
    [Symbol.asyncDispose]: async () => {
      ended.abort();
      await queue;
      base?.[Symbol.dispose]();
    },
  };
}

/** The inputs of a set's worker image, as they are now. */
export async function workerInputs(
  set: ImageSet,
  paths: Paths,
  signal: AbortSignal,
): Promise<readonly BuildInput[]> {
  const inputs = await buildInputs(set, "worker", { digests: keptDigests(paths, signal) });
  signal.throwIfAborted();
  return inputs;
}

/** The inputs that a replacement of guest tools does not bring into a saved state. */
function besideTools(inputs: readonly BuildInput[]): readonly BuildInput[] {
  return inputs.filter(({ kind }) => kind !== "guest-tools");
}

function cannotBeReplaced(changed: readonly string[]): string {
  return `${changed.join(", ")} changed, and only guest tools can be replaced in a saved state`;
}
