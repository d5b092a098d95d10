import { assertNever } from "../../../shared/errors.ts";
import type { OpenDialog } from "../../state/dialogs.ts";
import { CommandPalette } from "../../ui/command-palette.tsx";
import { AboutDialog } from "../about-dialog.tsx";
import { DiscardDialog } from "../build/discard-dialog.tsx";
import { CrashDialog } from "../crash-dialog.tsx";
import { DeleteSessionDialog } from "../delete-session-dialog.tsx";
import { UnsavedDialog } from "../editor/unsaved-dialog.tsx";
import { ExportDialog } from "../export-dialog.tsx";
import { KillDialog } from "../kill-dialog.tsx";
import { ArchiveDialog } from "../library/archive-dialog.tsx";
import { DeleteArchiveDialog } from "../library/delete-archive-dialog.tsx";
import { InstallDialog } from "../library/install-dialog.tsx";
import { NewSetDialog } from "../library/new-set-dialog.tsx";
import { OpenArchiveDialog } from "../library/open-archive-dialog.tsx";
import { RunDialog } from "../run-dialog.tsx";
import { EndMachineDialog } from "../screen/end-machine-dialog.tsx";
import { InsertCdDialog } from "../screen/insert-cd-dialog.tsx";
import { SettingsDialog } from "../settings-dialog.tsx";

interface DialogsProps {
  readonly open: OpenDialog;
  readonly onClose: () => void;
}

/** Draws the dialog that is open. */
export function Dialogs({ open, onClose }: DialogsProps) {
  switch (open.name) {
    case "palette":
      return <CommandPalette onClose={onClose} />;
    case "new-set":
      return <NewSetDialog onClose={onClose} />;
    case "open-archive":
      return <OpenArchiveDialog onClose={onClose} />;
    case "run":
      return <RunDialog archive={open.archive} form={open.form} onClose={onClose} />;
    case "kill-process":
      return <KillDialog session={open.session} onClose={onClose} />;
    case "archive":
      return <ArchiveDialog archive={open.archive} title={open.title} onClose={onClose} />;
    case "delete-archive":
      return <DeleteArchiveDialog archive={open.archive} title={open.title} onClose={onClose} />;
    case "delete-session":
      return <DeleteSessionDialog session={open.session} onClose={onClose} />;
    case "crash":
      return <CrashDialog crash={open.crash} onClose={onClose} />;
    case "export":
      return <ExportDialog id={open.id} onClose={onClose} />;
    case "install":
      return <InstallDialog set={open.set} iso={open.iso} onClose={onClose} />;
    case "discard":
      return <DiscardDialog session={open.session} onClose={onClose} />;
    case "unsaved":
      return <UnsavedDialog file={open.file} close={open.close} onClose={onClose} />;
    case "insert-cd":
      return <InsertCdDialog session={open.session} given={open.path} onClose={onClose} />;
    case "end-machine":
      return <EndMachineDialog session={open.session} by={open.by} onClose={onClose} />;
    case "settings":
      return <SettingsDialog onClose={onClose} />;
    case "about":
      return <AboutDialog onClose={onClose} />;
    default:
      return assertNever(open);
  }
}
