import { usePause } from "../../state/guest/use-pause.ts";
import { useSessionLog } from "../../state/sessions/use-session-log.ts";
import { TransferItem } from "./transfer-item.tsx";
import { TransferList } from "./transfer-list.tsx";

/** The files that were dropped for a session's guest, each with how far its copy is. */
export function UploadList({ session }: { readonly session: string }) {
  return (
    <TransferList owner={session} kind="upload" label="Uploads">
      {(upload) => <TransferItem transfer={upload} wait={<UploadWait session={session} />} />}
    </TransferList>
  );
}

/** The event that an upload waits for. */
function UploadWait({ session }: { readonly session: string }) {
  const toolsStarted = useSessionLog(session, ({ run }) => run.toolsStarted);
  const pause = usePause(session);
  return (
    <p className="transfer-wait" role="status">
      {pause
        ? "Waits until the virtual machine continues."
        : toolsStarted === undefined
          ? "Waits for the guest tools to start."
          : "Waits for the guest."}
    </p>
  );
}
