import type { HostStatus } from "../../shared/app/host.ts";
import { toAppError } from "../../shared/errors/errors.ts";
import { findQemu } from "../qemu/hardware/known-qemu.ts";
import type { Paths } from "../storage/paths.ts";
import { chooseAccelerator } from "./accelerator.ts";

type Accelerator = HostStatus["accelerator"];

/** The accelerator that guests run on here, as the status bar shows it. */
export interface HostAccelerator {
  /** Finds it out, once: a guest of its own has to be started for that. */
  find(): Promise<Accelerator>;
  /** Makes the next call look again: something that the accelerator depends on has changed. */
  forget(): void;
}

export function createHostAccelerator(paths: Paths, find = findAccelerator): HostAccelerator {
  let found: Promise<Accelerator> | undefined;
  return {
    find: async () => {
      found ??= find(paths);
      try {
        return await found;
      } catch (thrown) {
        // It may be installed at any time.
        found = undefined;
        return { name: "No QEMU", reason: toAppError(thrown).message };
      }
    },
    forget: () => {
      found = undefined;
    },
  };
}

async function findAccelerator({ cache }: Paths): Promise<Accelerator> {
  const { accelerator, reason } = await chooseAccelerator(await findQemu(cache), { cacheFolder: cache });
  return { name: accelerator.toUpperCase(), reason };
}
