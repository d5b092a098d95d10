import { join } from "node:path";
import type { OnNote } from "../../shared/session/note.ts";
import { withoutKvmIfItFails } from "../accelerator/kvm-fallback.ts";
import { openImage } from "../image/archive/open-image.ts";
import { forgiveState } from "../storage/known-states.ts";
import type { Paths } from "../storage/paths.ts";
import { captureState, identifyState, type StateSubject } from "./capture-state.ts";
import { openScratchFiles } from "./scratch-vm.ts";
import type { StateMoment } from "./state-key.ts";
import { findOrMakeState, type SavedState } from "./state-store.ts";

/** A guest of a small image boots in seconds; one that has not reached its moment by then is given up. Milliseconds. */
const longest = 10 * 60_000;

interface SaveOptions extends Pick<StateSubject, "memory" | "internet"> {
  readonly paths: Paths;
  readonly archive: string;
  readonly moment: StateMoment;
  /** Tries again although a state of this image could not be restored. */
  readonly isForced: boolean;
  /** The digests of images that a person has accepted; see `requireTrusted`. */
  readonly trusted?: readonly string[] | undefined;
  readonly signal: AbortSignal;
  readonly onNote: OnNote;
}

/**
 * Finds the saved state of an image, or boots the image and saves it, without a session.
 *
 * @returns the state, and whether it was made just now
 * @throws AppError as `openImage`, `findOrMakeState` and `captureState` do
 */
export async function saveImageState(
  options: SaveOptions,
): Promise<{ readonly state: SavedState; readonly isNew: boolean }> {
  const { paths, archive, moment, memory, internet, isForced, trusted } = options;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(longest)]);
  return await withoutKvmIfItFails(paths, options.onNote, async (onNote) => {
    using scratch = openScratchFiles(paths);
    const ownFolder = join(scratch.files.working, "unpacked");
    using image = await openImage(paths, { archive, trusted, ownFolder, signal, onNote });
    const subject: StateSubject = {
      ...{ paths, archive, image, moment, memory, internet },
      ...{ files: scratch.files, name: scratch.id },
    };
    const { key, what } = await identifyState(subject);
    if (isForced) forgiveState(paths, key);
    let isNew = false;
    const state = await findOrMakeState(paths, {
      ...{ key, what, image: { archive, digest: image.digest }, signal, onNote },
      make: async (files) => {
        isNew = true;
        await captureState(subject, { ...files, signal, onNote });
      },
    });
    return { state, isNew };
  });
}
