import type { Paths } from "./paths.ts";
import { rememberKvmFailure } from "./qemu/accelerator.ts";
import { askQemu } from "./qemu/capabilities.ts";
import { KvmFailure } from "./qemu/vm-end.ts";

/**
 * Does what needs a guest; when KVM gives up on it half-way, once more from the start, on a guest that is emulated. The
 * failure is remembered, so that the next build or run does not meet it again.
 *
 * @param attempt starts from scratch each time it is called.
 * @param onNote takes what the person should know.
 */
export async function withoutKvmIfItFails<Result>(
  paths: Paths,
  onNote: (text: string) => void,
  attempt: () => Promise<Result>,
): Promise<Result> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof KvmFailure)) throw error;
    await rememberKvmFailure(await askQemu(), paths.cache, "KVM gave up on a running guest");
    onNote(`${error.message}: starting again, with an emulated processor, which is slower.`);
    return await attempt();
  }
}
