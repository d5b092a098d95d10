import { Download } from "lucide-react";
import { fileName } from "../../../state/files/file-name.ts";
import { openDialog } from "../../../state/messages/dialogs.ts";
import { Button } from "../../../ui/button.tsx";

interface DownloadFileProps {
  readonly image: string;
  readonly path: string;
  readonly label: string;
}

/** Copies a file of an image to this host, from a note that it is not shown as a whole. */
export function DownloadFile({ image, path, label }: DownloadFileProps) {
  const entry = { path, name: fileName(path), kind: "file" } as const;
  return (
    <Button look="quiet" icon={Download} onClick={() => openDialog({ name: "save-content", image, entry })}>
      {label}
    </Button>
  );
}
