import { FolderOpen, X } from "lucide-react";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { app } from "../../client/api-client.ts";
import { type Download, downloads, forgetDownload } from "../../state/guest/downloads.ts";
import { sayError } from "../../state/messages/notices.ts";
import { useStore } from "../../state/store/use-store.ts";
import { IconButton } from "../../ui/button.tsx";
import { ErrorText } from "../../ui/messages/error-text.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { StateMark, type StateName } from "../../ui/state-mark.tsx";
import { ActionWaitNote } from "../action-log/action-wait.tsx";

/** The copies of a guest's files that were asked for, each with how far it is. */
export function DownloadList({ session }: { readonly session: string }) {
  const all = useStore(downloads, (state) => state.all);
  const own = all.filter((one) => one.session === session);
  if (own.length === 0) return null;
  return (
    <ul className="downloads" aria-label="Downloads">
      {own.map((download) => (
        <li key={download.number}>
          <DownloadItem download={download} />
        </li>
      ))}
    </ul>
  );
}

const states: Readonly<Record<Download["status"], readonly [StateName, string]>> = {
  running: ["busy", "In progress"],
  done: ["good", "Done"],
  failed: ["bad", "Failed"],
  cancelled: ["none", "Cancelled"],
};

function DownloadItem({ download }: { readonly download: Download }) {
  const { session, source, target, bytes, total, status, error, number, cancel } = download;
  const [state, label] = states[status];
  const isRunning = status === "running";
  return (
    <>
      <div className="download">
        <StateMark state={state} label={label} />
        <span className="download-names" title={escapeName(target)}>
          <bdi>{escapeName(source)}</bdi> to <bdi>{escapeName(target)}</bdi>
        </span>
        <span>{describeAmount(download)}</span>
        {status === "done" && (
          <IconButton
            icon={FolderOpen}
            label="Open its folder"
            onClick={() => void app().reveal({ path: target }).catch(sayError)}
          />
        )}
        <IconButton
          icon={X}
          label={isRunning ? "Cancel the download" : "Remove from the list"}
          onClick={() => (isRunning ? cancel() : forgetDownload(number))}
        />
      </div>
      {isRunning && bytes > 0 && (
        <ProgressBar
          label={`Download of ${escapeName(source)}`}
          fraction={total ? bytes / total : undefined}
        />
      )}
      {isRunning && bytes === 0 && (
        <ActionWaitNote
          session={session}
          request={{ type: "get-artifact", path: source }}
          onCancel={cancel}
        />
      )}
      {error && <ErrorText error={error} />}
    </>
  );
}

function describeAmount({ bytes, total, status }: Download): string {
  if (status === "done") return formatBytes(bytes);
  if (status !== "running") return "";
  return total === undefined ? formatBytes(bytes) : `${formatBytes(bytes)} of ${formatBytes(total)}`;
}
