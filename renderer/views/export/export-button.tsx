import { FileArchive } from "lucide-react";
import { openDialog } from "../../state/messages/dialogs.ts";
import { Button } from "../../ui/button.tsx";

interface ExportButtonProps {
  /** The id of a session or of a crash report. */
  readonly id: string;
  readonly look?: "plain" | "quiet";
}

/** Asks how to write it into one file for a bug report. */
export function ExportButton({ id, look = "plain" }: ExportButtonProps) {
  return (
    <Button look={look} icon={FileArchive} onClick={() => openDialog({ name: "export", id })}>
      Export for a bug report…
    </Button>
  );
}
