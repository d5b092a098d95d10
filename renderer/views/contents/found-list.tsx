import { FolderTree } from "lucide-react";
import { useId } from "react";
import type { ContentEntry } from "../../../shared/contents/entry.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatBytes, formatCount } from "../../../shared/text/format.ts";
import type { ImageSearch } from "../../state/contents/use-image-search.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorText } from "../../ui/messages/error-text.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { themePixels } from "../../ui/rows/theme-pixels.ts";
import { useRowWindow } from "../../ui/rows/use-row-window.ts";
import { useTreeKeys } from "../../ui/rows/use-tree-keys.ts";
import { EntryIcon } from "./entry-icon.tsx";
import { UnpackQuestion } from "./unpack-question.tsx";

/** Pixels of one row. */
const rowHeight = themePixels("--height-small");

interface FoundListProps {
  readonly search: ImageSearch;
  /** The path of the chosen entry. */
  readonly chosen: string;
  readonly onChoose: (path: string) => void;
  /** Shows the chosen entry in the tree, in place of the list. */
  readonly onShow: () => void;
  /** Unpacks the image, whose disk has much data, and searches it. */
  readonly onUnpack: () => Promise<void>;
}

/** The files that a search has found, in place of the tree; or the question whether the image may be unpacked for it. */
export function FoundList({ onUnpack, ...props }: FoundListProps) {
  const { error } = props.search;
  if (error?.code !== "not-confirmed") return <FoundFiles {...props} />;
  return (
    <UnpackQuestion
      title="Unpack this image to search it?"
      error={error}
      label="Unpack image"
      onConfirm={onUnpack}
    />
  );
}

function FoundFiles({ search, chosen, onChoose, onShow }: Omit<FoundListProps, "onUnpack">) {
  const ids = useId();
  const { found, status, error } = search;
  const list = useRowWindow({ count: found.length, dropped: 0, follows: false, rowHeight, overscan: 8 });
  const at = found.findIndex(({ path }) => path === chosen);
  const onKeyDown = useTreeKeys({
    lines: found.map(({ name }) => ({ depth: 0, name })),
    at,
    onGo: (to) => {
      const entry = found[to];
      if (entry) onChoose(entry.path);
      list.show({ row: to, align: "nearest" });
    },
    onToggle: () => {},
    onAct: onShow,
  });
  return (
    <section className="found" aria-label="Search results">
      <div className="found-head">
        <p role="status">{describeSearch(search)}</p>
        <Button
          look="quiet"
          icon={FolderTree}
          disabledReason={at < 0 ? "Choose a file first" : undefined}
          onClick={onShow}
        >
          Show in tree
        </Button>
      </div>
      {status === "running" && <ProgressBar label="Searching the image" />}
      {error && (
        <div className="image-error" role="alert">
          <ErrorText error={error} />
        </div>
      )}
      <div
        className="found-list"
        ref={list.box}
        role="listbox"
        aria-label="Found files"
        tabIndex={0}
        aria-activedescendant={at < 0 ? undefined : `${ids}${at}`}
        onScroll={list.onScroll}
        onKeyDown={onKeyDown}
      >
        <div style={{ height: list.height }} role="presentation">
          {list.numbers.map((number) => {
            const entry = found[number];
            return (
              entry && (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys for its rows.
                <div
                  key={entry.path}
                  id={`${ids}${number}`}
                  className="found-entry"
                  role="option"
                  tabIndex={-1}
                  aria-selected={number === at}
                  style={{ translate: `0 ${list.startOf(number)}px` }}
                  onClick={() => onChoose(entry.path)}
                  onDoubleClick={onShow}
                >
                  <EntryIcon entry={entry} />
                  <bdi className="entry-text">{escapeName(entry.name)}</bdi>
                  <bdi className="found-folder">{escapeName(folderOf(entry))}</bdi>
                  {entry.kind === "file" && <span className="found-size">{formatBytes(entry.size)}</span>}
                </div>
              )
            );
          })}
        </div>
      </div>
    </section>
  );
}

function folderOf({ path, name }: ContentEntry): string {
  return path.slice(0, -name.length - 1) || "/";
}

function describeSearch({ text, part, found, status }: ImageSearch): string {
  const what = part === "names" ? `named like “${text}”` : `with “${text}” in their content`;
  const count = `${formatCount(found.length, "file")} ${what}`;
  if (status === "running") return `${count} so far`;
  if (status === "cancelled") return `${count}, until the search was cancelled`;
  if (status === "failed") return `${count}, until the search failed`;
  if (status === "partial") return `The first ${count}. There may be more: search for a longer text.`;
  return found.length === 0 ? `No file ${what.replace("their", "its")}` : count;
}
