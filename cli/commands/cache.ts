import { Argument, Command } from "commander";
import { clearCache, describeCache } from "../../core/cache/manage-cache.ts";
import { findPaths } from "../../core/storage/paths.ts";
import { currentSettings } from "../../core/storage/settings-store.ts";
import { type CacheEntry, type CacheKind, cacheKinds, clearedKinds } from "../../shared/cache/cache.ts";
import { describeEntry, groupByKind, namesOfKinds, sumOfBytes } from "../../shared/cache/cache-groups.ts";
import { formatBytes, formatCount, formatDate } from "../../shared/text/format.ts";
import { runToExit } from "../support/context.ts";
import { print, printJson } from "../support/print.ts";

/** `tinsmith cache`. */
export function cacheCommand(): Command {
  return new Command("cache")
    .description(
      "List the cache: ISOs, unpacked images, saved states, kept checkpoints, the work of failed builds.",
    )
    .option("--json", "print the entries as JSON")
    .action(({ json }: { json?: boolean }) =>
      runToExit(async () => {
        const paths = findPaths();
        const entries = await describeCache(paths);
        if (json) printJson(entries, 2);
        else print(listing(entries, currentSettings(paths).retention.cacheGib));
        return undefined;
      }),
    )
    .addCommand(clearCommand())
    .addHelpText(
      "after",
      "\nEach line of an entry has its size on the disk, its last use, and what it is. The settings have the limit of all sizes. Tinsmith can make all of it again, except kept checkpoints and the work of failed builds.",
    );
}

function clearCommand(): Command {
  return new Command("clear")
    .description(
      "Delete entries of the cache, except those that a process uses, and images that a kept checkpoint needs.",
    )
    .addArgument(
      new Argument("[KIND...]", "what to delete; without a kind, all but checkpoints").choices(cacheKinds),
    )
    .option("--json", "print the deleted entries, and those that stay, as JSON")
    .action((kinds: CacheKind[], _options, command: Command) =>
      runToExit(async () => {
        // The option of this name of tinsmith cache itself takes it.
        const { json } = command.optsWithGlobals<{ json?: boolean }>();
        const { deleted, kept } = await clearCache(findPaths(), kinds.length > 0 ? kinds : clearedKinds);
        if (json) printJson({ deleted, kept }, 2);
        else print(outcome(deleted, kept));
        return undefined;
      }),
    );
}

function listing(entries: readonly CacheEntry[], limitGib: number): string {
  const groups = groupByKind(entries).map(({ kind, entries }) => {
    const title = `${namesOfKinds[kind]} (${kind}): ${countOf(entries)}\n`;
    return `${title}${entries.map(describe).join("")}`;
  });
  return `${groups.join("")}Total: ${countOf(entries)}. The limit is ${limitGib} GiB.\n`;
}

function describe(entry: CacheEntry): string {
  const use = entry.isInUse ? "in use" : formatDate(entry.lastUse);
  return `  ${formatBytes(entry.bytes).padStart(10)}  ${use.padEnd(19)}  ${describeEntry(entry)}\n`;
}

function outcome(deleted: readonly CacheEntry[], kept: readonly CacheEntry[]): string {
  const namesOf = (entries: readonly CacheEntry[]) => entries.map(({ what }) => what).join(", ");
  const needed = kept.filter(({ isNeeded }) => isNeeded);
  const used = kept.filter(({ isNeeded }) => !isNeeded);
  return [
    `Deleted ${countOf(deleted)}.\n`,
    used.length > 0 ? `In use, and kept: ${namesOf(used)}.\n` : "",
    needed.length > 0 ? `Needed by kept checkpoints, and kept: ${namesOf(needed)}.\n` : "",
  ].join("");
}

function countOf(entries: readonly CacheEntry[]): string {
  return `${formatCount(entries.length, "entry", "entries")}, ${formatBytes(sumOfBytes(entries))}`;
}
