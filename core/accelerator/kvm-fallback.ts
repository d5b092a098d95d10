import type { OnNote } from "../../shared/session/note.ts";
import { askQemu } from "../qemu/hardware/capabilities.ts";
import { KvmFailure } from "../qemu/process/vm-end.ts";
import type { Paths } from "../storage/paths.ts";
import { rememberKvmFailure } from "./accelerator.ts";

/**
 * Does work that needs a guest; if KVM fails half-way, it starts the work again with an emulated guest. The failure
 * is remembered, so that the next build or run does not meet it again.
 *
 * @param onNote takes notes for the person.
 * @param attempt starts from scratch at each call; a note that it makes both times is passed on once.
 */
export async function withoutKvmIfItFails<Result>(
  paths: Paths,
  onNote: OnNote,
  attempt: (onNote: OnNote) => Promise<Result>,
): Promise<Result> {
  const noted = new Set<string>();
  try {
    return await attempt((text, about) => {
      noted.add(text);
      onNote(text, about);
    });
  } catch (error) {
    await rememberKvmTrouble(paths, error);
    if (!(error instanceof KvmFailure)) throw error;
    onNote(`${error.message}: starting again, without KVM.`);
    return await attempt((text, about) => {
      if (!noted.has(text)) onNote(text, about);
    });
  }
}

/** If KVM failed for a guest, remembers that the next one is better emulated. */
export async function rememberKvmTrouble(paths: Paths, error: unknown): Promise<void> {
  if (error instanceof KvmFailure)
    await rememberKvmFailure(await askQemu(), paths.cache, "KVM gave up on a running guest");
}
