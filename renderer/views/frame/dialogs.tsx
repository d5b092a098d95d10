import { assertNever } from "../../../shared/errors/errors.ts";
import type { OpenDialog } from "../../state/messages/dialogs.ts";
import { AboutDialog } from "../about/about-dialog.tsx";
import { AnswerErrorDialog } from "../breakpoints/answer-error-dialog.tsx";
import { DiscardDialog } from "../build/discard-dialog.tsx";
import { CacheDialog } from "../cache/cache-dialog.tsx";
import { ClearCacheDialog } from "../cache/clear-cache-dialog.tsx";
import { CheckpointsDialog } from "../checkpoints/checkpoints-dialog.tsx";
import { DeleteCheckpointDialog } from "../checkpoints/delete-checkpoint-dialog.tsx";
import { DeleteKeptDialog } from "../checkpoints/delete-kept-dialog.tsx";
import { GoBackDialog } from "../checkpoints/go-back-dialog.tsx";
import { KeptCheckpointsDialog } from "../checkpoints/kept-checkpoints-dialog.tsx";
import { MakeCheckpointDialog } from "../checkpoints/make-checkpoint-dialog.tsx";
import { RenameCheckpointDialog } from "../checkpoints/rename-checkpoint-dialog.tsx";
import { CompareDialog } from "../comparison/compare-dialog.tsx";
import { SendActionDialog } from "../compose/send-action-dialog.tsx";
import { ChooseImageDialog } from "../contents/choose-image-dialog.tsx";
import { ImagePathDialog } from "../contents/image-path-dialog.tsx";
import { SaveContentDialog } from "../contents/save-content-dialog.tsx";
import { CrashDialog } from "../crash-report/crash-dialog.tsx";
import { ExportDiskDialog } from "../disks/export-disk-dialog.tsx";
import { ImportDiskDialog } from "../disks/import-disk-dialog.tsx";
import { UnsavedDialog } from "../editor/unsaved-dialog.tsx";
import { ExportDialog } from "../export/export-dialog.tsx";
import { DownloadDialog } from "../files/download-dialog.tsx";
import { ListAllDialog } from "../files/list-all-dialog.tsx";
import { SaveStepsDialog } from "../install/save-steps-dialog.tsx";
import { SecretsDialog } from "../install/secrets-dialog.tsx";
import { KeysDialog } from "../keys/keys-dialog.tsx";
import { ArchiveDialog } from "../library/archive-dialog.tsx";
import { DeleteArchiveDialog } from "../library/delete-archive-dialog.tsx";
import { InstallDialog } from "../library/install-dialog.tsx";
import { NewSetDialog } from "../library/new-set-dialog.tsx";
import { OpenArchiveDialog } from "../library/open-archive-dialog.tsx";
import { RebuildDialog } from "../library/rebuild-dialog.tsx";
import { NoticesDialog } from "../notices/notices-dialog.tsx";
import { KillDialog } from "../run/kill-dialog.tsx";
import { ReplaceToolsDialog } from "../run/replace-tools-dialog.tsx";
import { RunDialog } from "../run/run-dialog.tsx";
import { SaveScenarioDialog } from "../run/save-scenario-dialog.tsx";
import { ScenarioDialog } from "../run/scenario-dialog.tsx";
import { CropDialog } from "../screen/crop/crop-dialog.tsx";
import { EndMachineDialog } from "../screen/end-machine-dialog.tsx";
import { InsertCdDialog } from "../screen/insert-cd-dialog.tsx";
import { RecordNetworkDialog } from "../screen/record-network-dialog.tsx";
import { DeleteSessionsDialog } from "../sessions/delete-sessions-dialog.tsx";
import { SettingsDialog } from "../settings/settings-dialog.tsx";
import { PutDialog } from "../transfers/put-dialog.tsx";
import { WatchDialog } from "../watch/watch-dialog.tsx";

export interface DialogsProps {
  readonly open: Exclude<OpenDialog, { name: "palette" }>;
  readonly onClose: () => void;
}

/** Draws the dialog that is open. */
export function Dialogs({ open, onClose }: DialogsProps) {
  switch (open.name) {
    case "new-set":
      return <NewSetDialog onClose={onClose} />;
    case "open-archive":
      return <OpenArchiveDialog onClose={onClose} />;
    case "run":
      return <RunDialog archive={open.archive} form={open.form} onClose={onClose} />;
    case "rebuild":
      return <RebuildDialog set={open.set} retry={open.retry} force={open.force} onClose={onClose} />;
    case "save-steps":
      return <SaveStepsDialog {...open} onClose={onClose} />;
    case "crop":
      return <CropDialog session={open.session} picture={open.picture} onClose={onClose} />;
    case "secrets":
      return <SecretsDialog {...open} onClose={onClose} />;
    case "scenario":
      return <ScenarioDialog set={open.set} file={open.file} onClose={onClose} />;
    case "watch":
      return <WatchDialog set={open.set} onClose={onClose} />;
    case "save-scenario":
      return <SaveScenarioDialog session={open.session} onClose={onClose} />;
    case "kill-process":
      return <KillDialog session={open.session} onClose={onClose} />;
    case "send-action":
      return <SendActionDialog session={open.session} action={open.action} onClose={onClose} />;
    case "answer-error":
      return <AnswerErrorDialog session={open.session} held={open.held} onClose={onClose} />;
    case "archive":
      return <ArchiveDialog archive={open.archive} title={open.title} onClose={onClose} />;
    case "delete-archive":
      return <DeleteArchiveDialog archive={open.archive} title={open.title} onClose={onClose} />;
    case "delete-sessions":
      return <DeleteSessionsDialog sessions={open.sessions} onClose={onClose} />;
    case "compare":
      return <CompareDialog session={open.session} onClose={onClose} />;
    case "crash":
      return <CrashDialog crash={open.crash} onClose={onClose} />;
    case "export":
      return <ExportDialog id={open.id} onClose={onClose} />;
    case "install":
      return <InstallDialog set={open.set} iso={open.iso} steps={open.steps} onClose={onClose} />;
    case "discard":
      return <DiscardDialog session={open.session} onClose={onClose} />;
    case "unsaved":
      return <UnsavedDialog file={open.file} close={open.close} onClose={onClose} />;
    case "insert-cd":
      return <InsertCdDialog session={open.session} given={open.path} onClose={onClose} />;
    case "replace-tools":
      return <ReplaceToolsDialog session={open.session} onClose={onClose} />;
    case "put":
      return <PutDialog session={open.session} items={open.items} onClose={onClose} />;
    case "make-checkpoint":
      return <MakeCheckpointDialog session={open.session} onClose={onClose} />;
    case "checkpoints":
      return <CheckpointsDialog session={open.session} onClose={onClose} />;
    case "go-back":
      return <GoBackDialog {...open} onClose={onClose} />;
    case "delete-checkpoint":
      return <DeleteCheckpointDialog session={open.session} checkpoint={open.checkpoint} />;
    case "rename-checkpoint":
      return <RenameCheckpointDialog session={open.session} checkpoint={open.checkpoint} onClose={onClose} />;
    case "kept-checkpoints":
      return <KeptCheckpointsDialog archive={open.archive} onClose={onClose} />;
    case "delete-kept-checkpoint":
      return <DeleteKeptDialog checkpoint={open.checkpoint} archive={open.archive} />;
    case "record-network":
      return <RecordNetworkDialog session={open.session} onClose={onClose} />;
    case "end-machine":
      return <EndMachineDialog session={open.session} by={open.by} onClose={onClose} />;
    case "download":
      return <DownloadDialog session={open.session} source={open.source} onClose={onClose} />;
    case "save-content":
      return <SaveContentDialog image={open.image} entry={open.entry} onClose={onClose} />;
    case "choose-image":
      return <ChooseImageDialog compared={open.compared} onClose={onClose} />;
    case "image-path":
      return <ImagePathDialog compared={open.compared} onClose={onClose} />;
    case "import-disk":
      return <ImportDiskDialog disk={open.disk} onClose={onClose} />;
    case "export-disk":
      return <ExportDiskDialog image={open.image} onClose={onClose} />;
    case "list-all":
      return <ListAllDialog session={open.session} onClose={onClose} />;
    case "notices":
      return <NoticesDialog onClose={onClose} />;
    case "settings":
      return <SettingsDialog onClose={onClose} />;
    case "keys":
      return <KeysDialog onClose={onClose} />;
    case "cache":
      return <CacheDialog onClose={onClose} />;
    case "clear-cache":
      return <ClearCacheDialog kind={open.kind} count={open.count} bytes={open.bytes} />;
    case "about":
      return <AboutDialog onClose={onClose} />;
    default:
      return assertNever(open);
  }
}
