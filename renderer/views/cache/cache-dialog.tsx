import { useCallback, useEffect, useState } from "react";
import { useStore } from "zustand";
import { type CacheEntry, type CacheKind, uniqueKinds } from "../../../shared/cache/cache.ts";
import {
  type CacheGroup,
  describeEntry,
  groupByKind,
  namesOfKinds,
  sumOfBytes,
} from "../../../shared/cache/cache-groups.ts";
import { formatBytes, formatCount } from "../../../shared/text/format.ts";
import { app } from "../../client/api-client.ts";
import { settings } from "../../state/connection/app-state.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { sayDone, sayError } from "../../state/messages/notices.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialogs/dialog.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import "./cache-dialog.css";

/** Shows the cache by kind, and deletes what is not in use: after a question, if Tinsmith can't make it again. */
export function CacheDialog({ onClose }: { readonly onClose: () => void }) {
  const [entries, setEntries] = useState<readonly CacheEntry[]>();
  const limit = useStore(settings, ({ value }) => value?.retention.cacheGib);
  const look = useCallback(() => {
    app().host.cache().then(setEntries, sayError);
  }, []);
  useEffect(look, [look]);
  const used =
    entries && limit
      ? `These take ${formatBytes(sumOfBytes(entries))} of ${limit} GiB, the limit in the settings.`
      : "";
  const clear = async (kind: CacheKind) => {
    try {
      const { deleted } = await app().host.clearCache({ kinds: [kind] });
      sayDone(`${formatBytes(sumOfBytes(deleted))} freed.`);
    } catch (error) {
      sayError(error);
    }
    look();
  };
  return (
    <Dialog
      title="Cache"
      description={`${used} Tinsmith can make all of this again, except kept checkpoints and the work of failed builds.`}
      onClose={onClose}
      actions={<Button onClick={onClose}>Close</Button>}
    >
      {entries?.length === 0 && <p>The cache is empty.</p>}
      {entries &&
        groupByKind(entries).map((group) => <Group key={group.kind} group={group} onClear={clear} />)}
    </Dialog>
  );
}

interface GroupProps {
  readonly group: CacheGroup;
  readonly onClear: (kind: CacheKind) => Promise<void>;
}

function Group({ group: { kind, entries }, onClear }: GroupProps) {
  const name = namesOfKinds[kind];
  const free = entries.filter(({ isInUse, isNeeded }) => !isInUse && !isNeeded);
  const asks = uniqueKinds.includes(kind);
  const [isClearing, setIsClearing] = useState(false);
  return (
    <section className="cache-group" aria-label={name}>
      <header>
        <h3>{name}</h3>
        <span className="cache-size">{formatBytes(sumOfBytes(entries))}</span>
        <Button
          disabledReason={reasonOf(entries, free, isClearing)}
          onClick={async () => {
            const { length: count } = free;
            if (asks) return openDialog({ name: "clear-cache", kind, count, bytes: sumOfBytes(free) });
            setIsClearing(true);
            await onClear(kind);
            setIsClearing(false);
          }}
        >
          Delete {hasProperName.includes(kind) ? name : name.toLowerCase()}
          {asks && "…"}
        </Button>
      </header>
      <ul>
        {entries.slice(0, shown).map((entry) => (
          <li key={entry.key}>
            <span className="cache-what">{describeEntry(entry)}</span>
            <span className="cache-size">{formatBytes(entry.bytes)}</span>
            <span className="cache-use">
              {entry.isInUse ? "in use" : <RelativeTime at={entry.lastUse} />}
            </span>
          </li>
        ))}
        {entries.length > shown && (
          <li>{formatCount(entries.length - shown, "older entry", "older entries")}</li>
        )}
      </ul>
    </section>
  );
}

/** Entries of a kind that are named; the CLI lists all. */
const shown = 8;

/** The kinds whose names begin with a name, which keeps its capital. */
const hasProperName: readonly CacheKind[] = ["iso", "packages"];

function reasonOf(
  entries: readonly CacheEntry[],
  free: readonly CacheEntry[],
  isClearing: boolean,
): string | undefined {
  if (isClearing) return "They are being deleted";
  if (free.length > 0) return undefined;
  return entries.some(({ isNeeded }) => isNeeded)
    ? "They are all in use, or needed by kept checkpoints"
    : "They are all in use";
}
