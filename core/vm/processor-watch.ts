import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import type { QmpClient } from "../qemu/process/qmp-client.ts";

/** Between two looks at the processor, in milliseconds: a shorter stage may be passed over. A look takes a few. */
const interval = 100;
/** A guest that has no kernel by then gets none that this could tell. Milliseconds. */
const longest = 120_000;

/** A boot loader is in the first 640 KiB. Below it are the tables of the firmware, above it is the firmware itself. */
const loaderPlace = { from: 0x7c00, to: 0x9fc00 };
/** A kernel's addresses, of which neither firmware nor loaders use any: those of 32 bits with paging, and of 64 bits. */
const kernelPlaces = { narrow: 0xc000_0000, wide: 0xffff_8000_0000_0000n };

/** The stages of a boot that a processor can be seen in. */
type SeenStage = "loader" | "kernel";

/**
 * The stage of a boot that a processor is seen in; undefined if that can't be told, as while a loader calls the firmware.
 *
 * @param registers as QEMU's monitor shows them
 */
export function stageOfProcessor(registers: string): SeenStage | undefined {
  const wide = /\bRIP=([0-9a-f]+)/.exec(registers)?.[1];
  if (wide !== undefined) return BigInt(`0x${wide}`) >= kernelPlaces.wide ? "kernel" : undefined;
  const [instruction, base, control] = [
    /\bEIP=([0-9a-f]+)/,
    /\bCS =[0-9a-f]+ ([0-9a-f]+)/,
    /\bCR0=([0-9a-f]+)/,
  ].map((pattern) => Number.parseInt(pattern.exec(registers)?.[1] ?? "", 16));
  if (instruction === undefined || base === undefined || control === undefined) return undefined;
  const address = instruction + base;
  const hasPaging = control >= 0x8000_0000;
  if (hasPaging) return address >= kernelPlaces.narrow ? "kernel" : undefined;
  return address >= loaderPlace.from && address < loaderPlace.to ? "loader" : undefined;
}

interface ProcessorWatch {
  /** The virtual machine was reset: the guest boots again. */
  restart(): void;
}

/**
 * Looks at the processor of a virtual machine while it boots, because a quiet guest prints nothing before its userland.
 * The guest notices nothing of it.
 *
 * @param onStage called at each look that tells a stage
 */
export function watchProcessor(
  qmp: Pick<QmpClient, "execute">,
  onStage: (stage: SeenStage) => void,
): ProcessorWatch {
  let current = 0;
  const look = async (watch: number) => {
    const end = Date.now() + longest;
    while (watch === current && Date.now() < end) {
      const answer = await qmp.execute("human-monitor-command", { "command-line": "info registers" });
      const stage = watch === current ? stageOfProcessor(z.string().parse(answer)) : undefined;
      if (stage) onStage(stage);
      if (stage === "kernel") return;
      await wait(interval);
    }
  };
  const restart = () => {
    current += 1;
    // Without QEMU, there is no boot to watch.
    look(current).catch(() => {});
  };
  restart();
  return { restart };
}
