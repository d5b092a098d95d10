import { createStore } from "zustand/vanilla";
import type { KeptCrash } from "../../shared/crash-report.ts";
import type { ArchiveSummary, ImageSet } from "../../shared/library.ts";
import type { SessionSummary } from "../../shared/session-summary.ts";
import type { RunForm } from "./known-commands.ts";

/** The dialogs that can be open, one at a time, with what each is about. */
export type OpenDialog =
  | { readonly name: "palette" }
  | { readonly name: "new-set" }
  | { readonly name: "open-archive" }
  | { readonly name: "run"; readonly archive: string; readonly form?: RunForm }
  | { readonly name: "kill-process"; readonly session: string }
  | { readonly name: "archive"; readonly archive: ArchiveSummary; readonly title: string }
  | { readonly name: "delete-archive"; readonly archive: ArchiveSummary; readonly title: string }
  | { readonly name: "delete-session"; readonly session: SessionSummary }
  | { readonly name: "crash"; readonly crash: KeptCrash }
  /** Of a session or a crash report. */
  | { readonly name: "export"; readonly id: string }
  | { readonly name: "install"; readonly set: ImageSet; readonly iso?: string }
  | { readonly name: "discard"; readonly session: string }
  | { readonly name: "unsaved"; readonly file: string; readonly close: () => void }
  | { readonly name: "insert-cd"; readonly session: string; readonly path?: string }
  | { readonly name: "end-machine"; readonly session: string; readonly by: "reset" | "kill" }
  | { readonly name: "settings" }
  | { readonly name: "about" };

export const dialogs = createStore<{ readonly open: OpenDialog | undefined }>(() => ({ open: undefined }));

export function openDialog(open: OpenDialog): void {
  dialogs.setState({ open });
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

export function closeDialog(): void {
  dialogs.setState({ open: undefined });
}
