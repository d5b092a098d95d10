import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { AppError } from "../../../shared/errors/errors.ts";
import { limits as shared } from "../../../shared/limits.ts";
import type { Machine } from "../../../shared/machine/machine.ts";

/** The host resources that a virtual machine uses. */
export interface Resources {
  /** MiB. */
  readonly memory: number;
  readonly threads: number;
  readonly cores: number;
  readonly sockets: number;
}

/** The limits of the host's resources. */
export interface HostLimits {
  /** MiB that can be used now, without swapping. */
  readonly memory: number;
  /** MiB that are in use for nobody yet, but were promised to other virtual machines; `memory` is without them. */
  readonly promised?: number;
  readonly cpus: number;
  /** Threads of a core of the host, so that a guest schedules as the host would. */
  readonly defaultThreads: number;
}

/** A value that a definition leaves open is derived from the host. */
type WantedResources = Pick<Machine, keyof Resources>;

/** The most processors that a pc-i440fx machine can have. */
const maximumCpus = 255;
const mebibyte = 1024 ** 2;

/** MiB below which the default isn't lowered: few guests boot with less. */
const leastDefaultMemory = 256;
/** MiB that QEMU itself and the rest of the host need beside the guest's memory. */
const reservedMemory = 256;

interface MemoryOptions {
  /** MiB that a person asks for, in place of the definition's. */
  readonly wanted?: number | undefined;
  /** MiB that virtual machines which run already may still take. */
  readonly promised?: number;
}

/**
 * The resources that a machine gets from this host now.
 *
 * @throws AppError `no-memory` when the host can't give that much memory
 */
export async function hostResources(
  machine: WantedResources,
  { wanted, promised = 0 }: MemoryOptions = {},
): Promise<Resources> {
  return deriveResources(machine, await hostLimits(promised), wanted);
}

/** Asks the host. In a container both figures are what the container may use. */
async function hostLimits(promised: number): Promise<HostLimits> {
  const available = Math.floor(process.availableMemory() / mebibyte);
  return {
    memory: Math.max(0, available - reservedMemory - promised),
    promised,
    cpus: Math.min(maximumCpus, availableParallelism()),
    defaultThreads: await threadsPerCore(),
  };
}

/** Linux lists the threads of the first core as `0,4` or `0-1`; where there is no such list, a core is a thread. */
async function threadsPerCore(): Promise<number> {
  const list = "/sys/devices/system/cpu/cpu0/topology/thread_siblings_list";
  return countListed(await readFile(list, "utf8").catch(() => "0"));
}

/** How many a list of Linux names, such as `0,4-6`. */
export function countListed(list: string): number {
  return list.split(",").reduce((count, range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return count + last - first + 1;
  }, 0);
}

/**
 * Derives the resources that a machine gets from its host. Processors that the definition asks for may exceed the
 * host's: they only make the guest slower. Memory may not: the host would end some process to get it back.
 */
export function deriveResources(machine: WantedResources, limits: HostLimits, wanted?: number): Resources {
  return { memory: deriveMemory(wanted ?? machine.memory, limits), ...deriveProcessors(machine, limits) };
}

function deriveMemory(wanted: number | undefined, limits: HostLimits): number {
  const memory = wanted ?? Math.max(leastDefaultMemory, Math.min(shared.usualMemory, limits.memory));
  if (memory <= limits.memory) return memory;
  const others = limits.promised
    ? ` in addition to the ${limits.promised} MiB that running ones may still take`
    : "";
  throw new AppError({
    code: "no-memory",
    message: `the virtual machine needs ${memory} MiB of memory, and this host can give ${limits.memory} MiB${others}`,
    advice: "Close other programs or virtual machines, or give this one less memory with --memory.",
  });
}

/**
 * Fills in the values that are not given: the default threads where they fit, then as many cores, threads and sockets
 * as fit.
 */
function deriveProcessors(
  given: WantedResources,
  { cpus, defaultThreads }: HostLimits,
): Omit<Resources, "memory"> {
  const fitting = (taken: number) => Math.max(1, Math.floor(cpus / taken));
  const givenSockets = given.sockets ?? 1;
  const defaultFits = defaultThreads * (given.cores ?? 1) * givenSockets <= cpus;
  const chosenThreads = given.threads ?? (defaultFits ? defaultThreads : undefined);
  const cores = given.cores ?? fitting((chosenThreads ?? 1) * givenSockets);
  const threads = chosenThreads ?? fitting(cores * givenSockets);
  const sockets = given.sockets ?? fitting(threads * cores);
  return { threads, cores, sockets };
}
