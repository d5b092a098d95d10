import { FolderOpen } from "lucide-react";
import { app } from "../../client/api-client.ts";
import { sayError } from "../../state/messages/notices.ts";
import { IconButton } from "../../ui/button.tsx";
import { ActionWaitNote } from "../action-log/action-wait.tsx";
import { TransferItem } from "../transfers/transfer-item.tsx";
import { TransferList } from "../transfers/transfer-list.tsx";

/** The copies of a guest's files that were asked for, each with how far it is. */
export function DownloadList({ session }: { readonly session: string }) {
  return (
    <TransferList owner={session} kind="download" label="Downloads">
      {(download) => (
        <TransferItem
          transfer={download}
          wait={
            <ActionWaitNote
              session={session}
              request={{ type: "get-artifact", path: download.source }}
              onCancel={download.cancel}
            />
          }
          tools={
            <IconButton
              icon={FolderOpen}
              label="Open its folder"
              onClick={() => void app().reveal({ path: download.target }).catch(sayError)}
            />
          }
        />
      )}
    </TransferList>
  );
}
