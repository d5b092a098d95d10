import { Argument, Command } from "commander";
import { clearCache, describeCache } from "../../core/cache/manage-cache.ts";
import { findPaths } from "../../core/storage/paths.ts";
import { currentSettings } from "../../core/storage/settings-store.ts";
import { type CacheEntry, type CacheKind, cacheKinds } from "../../shared/cache/cache.ts";
import { groupByKind, namesOfKinds, sumOfBytes } from "../../shared/cache/cache-groups.ts";
import { formatBytes, formatCount, formatDate } from "../../shared/text/format.ts";
import { runToExit } from "../support/context.ts";
import { print, printJson } from "../support/print.ts";

/** `tinsmith cache`. */
export function cacheCommand(): Command {
  return new Command("cache")
    .description("List what Tinsmith keeps and can make again: ISOs, unpacked images, saved states.")
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
      "\nEach line of an entry has its size on the disk, its last use, and what it is. The settings have the limit of all sizes.",
    );
}

function clearCommand(): Command {
  return new Command("clear")
    .description("Delete entries of the cache, except those that a process uses.")
    .addArgument(new Argument("[KIND...]", "what to delete; without a kind, all of them").choices(cacheKinds))
    .option("--json", "print the deleted entries, and those that are in use, as JSON")
    .action((kinds: CacheKind[], _options, command: Command) =>
      runToExit(async () => {
        // The option of this name of tinsmith cache itself takes it.
        const { json } = command.optsWithGlobals<{ json?: boolean }>();
        const { deleted, kept } = await clearCache(findPaths(), kinds.length > 0 ? kinds : cacheKinds);
        if (json) printJson({ deleted, inUse: kept }, 2);
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

function describe({ bytes, lastUse, what, isInUse }: CacheEntry): string {
  const use = isInUse ? "in use" : formatDate(lastUse);
  return `  ${formatBytes(bytes).padStart(10)}  ${use.padEnd(19)}  ${what}\n`;
}

function outcome(deleted: readonly CacheEntry[], kept: readonly CacheEntry[]): string {
  const freed = `Deleted ${countOf(deleted)}.\n`;
  return kept.length === 0
    ? freed
    : `${freed}In use, and kept: ${kept.map(({ what }) => what).join(", ")}.\n`;
}

function countOf(entries: readonly CacheEntry[]): string {
  return `${formatCount(entries.length, "entry", "entries")}, ${formatBytes(sumOfBytes(entries))}`;
}
