import { createStore } from "zustand/vanilla";
import type { StoredCrashReport } from "../../../shared/app/crash-report.ts";
import type { CacheKind } from "../../../shared/cache/cache.ts";
import type { Checkpoint, KeptCheckpoint } from "../../../shared/checkpoint/checkpoint.ts";
import type { ArchiveSummary, ImageSet } from "../../../shared/library/library.ts";
import type { InstallChoices } from "../../../shared/recipe/install-choices.ts";
import type { SessionSummary } from "../../../shared/session/session-summary.ts";
import type { SavedEntry } from "../contents/save-content.ts";
import type { DroppedItem } from "../guest/dropped-items.ts";
import type { RunForm } from "../runs/run-history.ts";

/** The dialogs that can be open, one at a time, with their subjects. */
export type OpenDialog =
  | { readonly name: "palette" }
  | { readonly name: "new-set" }
  | { readonly name: "open-archive" }
  | { readonly name: "run"; readonly archive: string; readonly form?: RunForm }
  /** For the worker image, from a setup image that was not made here. */
  | {
      readonly name: "rebuild";
      readonly set: ImageSet;
      readonly retry?: string | undefined;
      readonly force?: boolean | undefined;
    }
  /** For a build whose install steps type these secrets. `action` names the build, and `start` starts it with their values. */
  | {
      readonly name: "secrets";
      readonly set: ImageSet;
      readonly action: string;
      readonly secrets: readonly string[];
      readonly start: (secrets: Readonly<Record<string, string>>) => Promise<void>;
    }
  /** Runs a scenario of an image set; `file` is chosen at first. */
  | { readonly name: "scenario"; readonly set: ImageSet; readonly file?: string }
  | { readonly name: "watch"; readonly set: ImageSet }
  | { readonly name: "save-scenario"; readonly session: string }
  | { readonly name: "kill-process"; readonly session: string }
  /** `action`: the JSON of an earlier one, which is sent again. */
  | { readonly name: "send-action"; readonly session: string; readonly action: string | undefined }
  /** With another status than the menu has; `held` is the number of the held request. */
  | { readonly name: "answer-error"; readonly session: string; readonly held: number }
  | { readonly name: "archive"; readonly archive: ArchiveSummary; readonly title: string }
  | { readonly name: "delete-archive"; readonly archive: ArchiveSummary; readonly title: string }
  | { readonly name: "delete-sessions"; readonly sessions: readonly SessionSummary[] }
  /** With another session, which is to be chosen. */
  | { readonly name: "compare"; readonly session: string }
  | { readonly name: "crash"; readonly crash: StoredCrashReport }
  /** For a session or a crash report. */
  | { readonly name: "export"; readonly id: string }
  /** `steps`: the path of a steps file that is chosen at first. */
  | { readonly name: "install"; readonly set: ImageSet; readonly iso?: string; readonly steps?: string }
  /** Of the recording of an installation by hand. */
  | {
      readonly name: "save-steps";
      readonly session: string;
      readonly output: string;
      readonly choices: InstallChoices;
    }
  | { readonly name: "discard"; readonly session: string }
  | { readonly name: "unsaved"; readonly file: string; readonly close: () => void }
  | { readonly name: "insert-cd"; readonly session: string; readonly path?: string }
  | { readonly name: "replace-tools"; readonly session: string }
  | { readonly name: "put"; readonly session: string; readonly items: readonly DroppedItem[] }
  | { readonly name: "record-network"; readonly session: string }
  /** Of a picture of the screen. */
  | { readonly name: "crop"; readonly session: string; readonly picture: Blob }
  | { readonly name: "make-checkpoint"; readonly session: string }
  | { readonly name: "checkpoints"; readonly session: string }
  /** `step`: the number of the recorded step before which the checkpoint was made, to record again from there. */
  | {
      readonly name: "go-back";
      readonly session: string;
      readonly checkpoint: string;
      readonly step?: number;
    }
  | { readonly name: "delete-checkpoint"; readonly session: string; readonly checkpoint: Checkpoint }
  | { readonly name: "rename-checkpoint"; readonly session: string; readonly checkpoint: string }
  /** Only those of that image, if there is one. */
  | { readonly name: "kept-checkpoints"; readonly archive?: string | undefined }
  /** `archive`: of the list that is open again afterwards. */
  | {
      readonly name: "delete-kept-checkpoint";
      readonly checkpoint: KeptCheckpoint;
      readonly archive: string | undefined;
    }
  | { readonly name: "end-machine"; readonly session: string; readonly by: "reset" | "kill" }
  /** For a file in the guest. */
  | { readonly name: "download"; readonly session: string; readonly source: string }
  /** For a file or folder in an image. */
  | { readonly name: "save-content"; readonly image: string; readonly entry: SavedEntry }
  /** Asks for an image to look into, or to compare one with. */
  | { readonly name: "choose-image"; readonly compared?: string | undefined }
  /** Makes an image archive of a disk: of that path, if it was dropped or opened. */
  | { readonly name: "import-disk"; readonly disk?: string | undefined }
  /** Writes the disk of an image archive. */
  | { readonly name: "export-disk"; readonly image: string }
  /** As `choose-image`, for a file that the library does not list. */
  | { readonly name: "image-path"; readonly compared: string | undefined }
  | { readonly name: "list-all"; readonly session: string }
  | { readonly name: "notices" }
  | { readonly name: "settings" }
  | { readonly name: "cache" }
  /** With the number of entries that are not in use, and their bytes. */
  | {
      readonly name: "clear-cache";
      readonly kind: CacheKind;
      readonly count: number;
      readonly bytes: number;
    }
  | { readonly name: "keys" }
  | { readonly name: "about" };

/** Each opening has a number of its own: code that one began must not close another of the same name. */
export type NumberedDialog = OpenDialog & { readonly number: number };

export const dialogs = createStore<{ readonly open: NumberedDialog | undefined }>(() => ({
  open: undefined,
}));

let lastNumber = 0;

/** Opens a dialog in place of the one that is open. */
export function openDialog(open: OpenDialog): void {
  lastNumber += 1;
  dialogs.setState({ open: { ...open, number: lastNumber } });
}

/** Settles when no dialog is open. */
export async function whenNoDialog(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => {
    if (!dialogs.getState().open) resolve();
  };
  const unsubscribe = dialogs.subscribe(look);
  look();
  await promise.finally(unsubscribe);
}

/** Closes the dialog with that number; does nothing if it was closed, or another one has taken its place. */
export function closeDialog(number: number): void {
  if (dialogs.getState().open?.number === number) dialogs.setState({ open: undefined });
}
