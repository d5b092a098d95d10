import { FolderTree } from "lucide-react";
import { useMemo, useState } from "react";
import { useStore } from "zustand";
import { describeEmptyListing } from "../../../shared/guest/empty-listing.ts";
import { describeUnknownNames } from "../../../shared/guest/unknown-name.ts";
import { formatCount } from "../../../shared/text/format.ts";
import { guestDrop } from "../../state/guest/guest-drop.ts";
import { guestFiles, listFolder } from "../../state/guest/guest-files.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { stopObstacle, stopsAsked } from "../../state/sessions/stop-session.ts";
import { useIsRunning } from "../../state/sessions/use-is-running.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/messages/empty-state.tsx";
import { ErrorText } from "../../ui/messages/error-text.tsx";
import { ActionWaitNote } from "../action-log/action-wait.tsx";
import { UploadList } from "../transfers/upload-list.tsx";
import { DownloadList } from "./download-list.tsx";
import { FileTree } from "./file-tree.tsx";
import "./files.css";

/** The files in a session's guest: one listing as a tree, from which files are copied to this host. */
export function FilesView({ session }: { readonly session: string }) {
  const { listing, asking, error } = useStore(guestFiles(session), (state) => state);
  const isRunning = useIsRunning(session);
  const [path, setPath] = useState(listing?.path ?? "/home");
  const [filter, setFilter] = useState("");
  const shown = useMemo(() => pick(listing?.files ?? [], filter), [listing, filter]);
  const note = useMemo(
    () =>
      listing && (describeEmptyListing(listing.path, listing.files) ?? describeUnknownNames(listing.files)),
    [listing],
  );
  const shuttingDown = useStore(stopsAsked, () => stopObstacle(session));
  const obstacle = isRunning
    ? (shuttingDown ?? askingObstacle(path, asking !== undefined))
    : "The run has ended";
  const list = () => {
    if (/^\/*$/.test(path)) openDialog({ name: "list-all", session });
    else void listFolder(session, path);
  };
  return (
    <section
      className="files"
      aria-label="Guest files"
      {...guestDrop(session, isRunning, listing?.path ?? path)}
    >
      <form
        className="files-bar"
        onSubmit={(event) => {
          event.preventDefault();
          if (obstacle === undefined) list();
        }}
      >
        <input
          className="text-input mono"
          aria-label="Folder in the guest"
          value={path}
          spellCheck={false}
          onChange={({ target }) => setPath(target.value)}
        />
        <Button type="submit" disabledReason={obstacle}>
          List
        </Button>
        <input
          className="text-input"
          type="search"
          aria-label="Filter files"
          placeholder="Filter"
          value={filter}
          onChange={({ target }) => setFilter(target.value)}
        />
      </form>
      {asking && (
        <ActionWaitNote
          session={session}
          request={{ type: "list-folder", path: asking.path }}
          onCancel={asking.cancel}
        />
      )}
      {error && (
        <div className="files-error" role="alert">
          <ErrorText error={error} />
        </div>
      )}
      {listing ? (
        <>
          <p className="files-count" role="status">
            {filter === ""
              ? formatCount(listing.files.length, "file")
              : `${shown.length.toLocaleString("en")} of ${formatCount(listing.files.length, "file")}`}
          </p>
          {note && <p className="files-count">{note}</p>}
          <FileTree
            files={shown}
            from={listing.path}
            isAllOpen={filter !== ""}
            canDownload={isRunning}
            onDownload={(source) => openDialog({ name: "download", session, source })}
          />
        </>
      ) : (
        !asking &&
        !error && (
          <EmptyState icon={FolderTree} title="No folder listed yet">
            <p>
              {isRunning
                ? "Enter a folder in the guest to list its files and those in all folders below."
                : "The session has ended, so its guest can't be asked."}
            </p>
          </EmptyState>
        )
      )}
      <DownloadList session={session} />
      <UploadList session={session} />
    </section>
  );
}

function pick(files: readonly string[], filter: string): readonly string[] {
  const text = filter.toLowerCase();
  return text === "" ? files : files.filter((file) => file.toLowerCase().includes(text));
}

function askingObstacle(path: string, isAsking: boolean): string | undefined {
  if (isAsking) return "Another list is being fetched";
  return path === "" ? "Enter a folder first" : undefined;
}
