import type { OnNote } from "../../shared/session/note.ts";
import { askQemu } from "../qemu/hardware/capabilities.ts";
import { KvmFailure } from "../qemu/process/vm-end.ts";
import type { Paths } from "../storage/paths.ts";
import { rememberKvmFailure } from "./accelerator.ts";

/**
 * Does what needs a guest; when KVM gives up on it half-way, once more from the start, on a guest that is emulated. The
 * failure is remembered, so that the next build or run does not meet it again.
 *
 * @param onNote takes what the person should know.
 * @param attempt starts from scratch each time it is called; what it notes both times is noted once.
 */
export async function withoutKvmIfItFails<Result>(
  paths: Paths,
  onNote: OnNote,
  attempt: (onNote: OnNote) => Promise<Result>,
): Promise<Result> {
  const noted = new Set<string>();
  const noteOnce: OnNote = (text, about) => {
    if (!noted.has(text)) onNote(text, about);
    noted.add(text);
  };
  try {
    return await attempt(noteOnce);
  } catch (error) {
    await rememberKvmTrouble(paths, error);
    if (!(error instanceof KvmFailure)) throw error;
    onNote(`${error.message}: starting again, without KVM.`);
    return await attempt(noteOnce);
  }
}

/** Remembers, if it was KVM that gave up on a guest, that the next one is better emulated. */
export async function rememberKvmTrouble(paths: Paths, error: unknown): Promise<void> {
  if (error instanceof KvmFailure)
    await rememberKvmFailure(await askQemu(), paths.cache, "KVM gave up on a running guest");
}
