import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { toAppError } from "../../shared/errors/errors.ts";
import { changeVersioned, readVersioned, type VersionedFormat } from "../files/writing/versioned-json.ts";
import { cacheEntriesFolder, type Paths } from "./paths.ts";

const knownStateSchema = z.object({
  /** SHA-256 of all of its files, in hexadecimal. */
  digest: z.string(),
  /** The stamps of the files that had this digest; see `stampOf`. */
  stamp: z.string(),
});
/** A saved state that was made here: only such a one is restored, because it is the memory of a virtual machine. */
type KnownState = z.infer<typeof knownStateSchema>;

const listSchema = z.object({
  /** By their keys in the cache. */
  states: z.record(z.string(), knownStateSchema),
  /** The reasons why those of these keys are not made again: restoring them has failed. */
  refused: z.record(z.string(), z.string()),
});
type StateList = z.infer<typeof listSchema>;

const format: VersionedFormat<StateList> = {
  what: "a list of saved states",
  schema: listSchema,
  migrations: [(list) => list],
  isPrivate: true,
};
const empty: StateList = { states: {}, refused: {} };

/** The most states that are remembered: of thousands, none but the newest are in the cache still. */
const most = 1_000;

/** The saved state of that key, if it was made here. @throws AppError `newer-version`; `usage` when the list is damaged */
export function knownState(paths: Paths, key: string): KnownState | undefined {
  return readList(paths).states[key];
}

/** The reason why no state of that key is made any more, if there is one. @throws AppError as `knownState` does */
export function refusal(paths: Paths, key: string): string | undefined {
  return readList(paths).refused[key];
}

/**
 * Remembers that this user has made the state of that key.
 *
 * @throws AppError `no-space`, `newer-version`, `usage` when the list is damaged: then the state is of no use
 */
export function rememberState(paths: Paths, key: string, state: KnownState): void {
  change(paths, ({ states, refused }) => ({
    states: newest({ ...without(states, key), [key]: state }, isKeptHere(paths)),
    refused,
  }));
}

/** Forgets a state. @param reason the reason why it must not be made again */
export function forgetState(paths: Paths, key: string, reason?: string): void {
  try {
    change(paths, ({ states, refused }) => ({
      states: without(states, key),
      refused: reason === undefined ? refused : newest({ ...without(refused, key), [key]: reason }),
    }));
  } catch (error) {
    // The state itself is gone by then.
    if (!forgivable.includes(toAppError(error).code)) throw error;
  }
}

/** Lets a state be made again although one could not be restored: a person asks for it. */
export function forgiveState(paths: Paths, key: string): void {
  if (refusal(paths, key) !== undefined)
    change(paths, ({ states, refused }) => ({ states, refused: without(refused, key) }));
}

const forgivable: readonly string[] = ["no-space", "newer-version", "usage"];

function change(paths: Paths, work: (list: StateList) => StateList): void {
  changeVersioned(paths.knownStates, format, (current = empty) => work(current));
}

/** A list that can't be read is not an empty one: nobody knows then which states were made here. */
function readList(paths: Paths): StateList {
  return existsSync(paths.knownStates) ? readVersioned(paths.knownStates, format) : empty;
}

function without<Value>(all: Readonly<Record<string, Value>>, key: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(all).filter(([one]) => one !== key));
}

/** Tells the keys of kept checkpoints, which a person can't make again. */
function isKeptHere(paths: Paths): (key: string) => boolean {
  const folder = cacheEntriesFolder(paths, "checkpoint");
  return (key) => existsSync(join(folder, key));
}

/** The entries that were added last, and older ones that stay. */
function newest<Value>(
  all: Readonly<Record<string, Value>>,
  stays: (key: string) => boolean = () => false,
): Record<string, Value> {
  const entries = Object.entries(all);
  const surplus = entries.length - most;
  return Object.fromEntries(entries.filter(([key], index) => index >= surplus || stays(key)));
}
