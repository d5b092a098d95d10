import { FolderOpen } from "lucide-react";
import { useEffect } from "react";
import { app } from "../../client/api-client.ts";
import { forgetDone } from "../../state/guest/transfers.ts";
import { sayError } from "../../state/messages/notices.ts";
import { IconButton } from "../../ui/button.tsx";
import { TransferItem } from "../transfers/transfer-item.tsx";
import { TransferList } from "../transfers/transfer-list.tsx";

interface DownloadListProps {
  readonly image: string;
  readonly label?: string;
  /** Whether the panel can be seen. */
  readonly isVisible: boolean;
}

/** The files that were copied out of an image, each with how far its copy is; those that are done are shown in one visit. */
export function DownloadList({ image, label = "Downloads", isVisible }: DownloadListProps) {
  useEffect(() => {
    if (!isVisible) forgetDone(image, "download");
  }, [image, isVisible]);
  return (
    <TransferList owner={image} kind="download" label={label}>
      {(download) => (
        <TransferItem
          transfer={download}
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
