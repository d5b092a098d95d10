import { FolderTree } from "lucide-react";
import { useMemo, useState } from "react";
import { guestFiles, listFolder } from "../../state/guest-files.ts";
import { useStore } from "../../state/store.ts";
import { useIsRunning } from "../../state/use-is-running.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorText } from "../../ui/error-text.tsx";
import { ActionWaitNote } from "../action-wait.tsx";
import { DownloadDialog } from "./download-dialog.tsx";
import { DownloadList } from "./download-list.tsx";
import { FileTree } from "./file-tree.tsx";
import "./files.css";
import { ListAllDialog } from "./list-all-dialog.tsx";

/** The files in a session's guest: one listing as a tree, from which files are copied to this host. */
export function FilesView({ session }: { readonly session: string }) {
  const { listing, asking, error } = useStore(guestFiles(session), (state) => state);
  const isRunning = useIsRunning(session);
  const [path, setPath] = useState(listing?.path ?? "/home");
  const [filter, setFilter] = useState("");
  const [asksForAll, setAsksForAll] = useState(false);
  const [wanted, setWanted] = useState<string>();
  const shown = useMemo(() => pick(listing?.files ?? [], filter), [listing, filter]);
  const list = () => {
    if (/^\/*$/.test(path)) setAsksForAll(true);
    else void listFolder(session, path);
  };
  return (
    <section className="files" aria-label="Guest files">
      <form
        className="files-bar"
        onSubmit={(event) => {
          event.preventDefault();
          list();
        }}
      >
        <input
          className="text-input mono"
          aria-label="Folder in the guest"
          value={path}
          spellCheck={false}
          onChange={({ target }) => setPath(target.value)}
        />
        <Button type="submit" disabled={!isRunning || path === "" || asking !== undefined}>
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
              ? count(listing.files.length)
              : `${shown.length.toLocaleString("en")} of ${count(listing.files.length)}`}
          </p>
          <FileTree
            files={shown}
            from={listing.path}
            isAllOpen={filter !== ""}
            canDownload={isRunning}
            onDownload={setWanted}
          />
        </>
      ) : (
        !asking && (
          <EmptyState icon={FolderTree} title="No folder was listed yet">
            <p>
              {isRunning
                ? "Name a folder in the guest: its files, and those in all folders below, come at once."
                : "The session has ended: its guest can't be asked any more."}
            </p>
          </EmptyState>
        )
      )}
      <DownloadList session={session} />
      {asksForAll && (
        <ListAllDialog onList={() => void listFolder(session, "/")} onClose={() => setAsksForAll(false)} />
      )}
      {wanted !== undefined && (
        <DownloadDialog session={session} source={wanted} onClose={() => setWanted(undefined)} />
      )}
    </section>
  );
}

function pick(files: readonly string[], filter: string): readonly string[] {
  const text = filter.toLowerCase();
  return text === "" ? files : files.filter((file) => file.toLowerCase().includes(text));
}

function count(files: number): string {
  return files === 1 ? "1 file" : `${files.toLocaleString("en")} files`;
}
