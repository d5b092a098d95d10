import type { Checkpoint } from "../../../shared/checkpoint/checkpoint.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { nearestName } from "../../../shared/text/nearest-name.ts";

export function badName(message: string): AppError {
  return new AppError({ code: "usage", message, advice: "Choose another name.", field: "name" });
}

export function unknown(name: string, kept: readonly Checkpoint[]): AppError {
  const names = kept.map((one) => one.name);
  const near = nearestName(name, names);
  return new AppError({
    code: "usage",
    message: `this virtual machine has no checkpoint ${JSON.stringify(name)}`,
    advice:
      near === undefined
        ? "List the checkpoints with tinsmith checkpoint list."
        : `Do you mean ${JSON.stringify(near)}? tinsmith checkpoint list lists them.`,
  });
}

export function impossible(problem: string): AppError {
  return new AppError({
    code: "usage",
    message: `this virtual machine can't have checkpoints: ${problem}`,
  });
}

export function tooMany(maximumCheckpoints: number): AppError {
  return new AppError({
    code: "busy",
    message: `this virtual machine has ${maximumCheckpoints} checkpoints already`,
    advice: "Delete one that you no longer need, with tinsmith checkpoint delete.",
  });
}

export function waitsForSpace(): AppError {
  return new AppError({
    code: "no-space",
    message: "the virtual machine waits for space on the host's disk, so that no checkpoint can be made",
    advice: "Free some space, then try again.",
  });
}

export function notMade(name: string, error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  const { code, message, advice } = error;
  if (code !== "no-space" && code !== "qemu-failed") return error;
  return new AppError(
    {
      code,
      message: `the checkpoint ${JSON.stringify(name)} was not made: ${message}`,
      advice: advice ?? "The virtual machine runs on. The session's qemu.log may tell more.",
    },
    { cause: error },
  );
}

export function notGoneBack(name: string, error: unknown): AppError {
  return new AppError(
    {
      code: "qemu-failed",
      message: `the virtual machine could not go back to ${JSON.stringify(name)}, and is paused: ${error instanceof Error ? error.message : error}`,
      advice: "Go back to another checkpoint. Or force the virtual machine off with tinsmith power kill.",
    },
    { cause: error },
  );
}

export function tooLarge({
  taken,
  needed,
  limit,
}: {
  /** Bytes of the other checkpoints. */
  readonly taken: number;
  readonly needed: number;
  readonly limit: number;
}): AppError {
  const others = taken === 0 ? "" : `, the others take ${formatBytes(taken)}`;
  const raised = `raise the limit in the settings to ${Math.ceil((taken + needed) / 1024 ** 3)} GiB`;
  return new AppError({
    code: "no-space",
    message: `the checkpoint may take ${formatBytes(needed)}, as much as the guest's memory${others}, and the settings keep ${formatBytes(limit)} for the cache, which is also the limit for all checkpoints of a virtual machine`,
    advice:
      needed > limit
        ? `${raised.replace(/^r/, "R")}. Or start a virtual machine with less memory.`
        : `Delete one that you no longer need, with tinsmith checkpoint delete. Or ${raised}.`,
  });
}

export function notKeepable(name: string, why: string, advice: string): AppError {
  return new AppError({
    code: "usage",
    message: `the checkpoint ${JSON.stringify(name)} can't be kept: ${why}`,
    advice,
  });
}
