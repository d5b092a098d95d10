import type { EditorView } from "@codemirror/view";
import { useMemo } from "react";
import type { SetFile } from "../../../shared/library/set-file.ts";
import type { Command } from "../../state/commands/commands.ts";
import { usePanelCommands } from "../../state/commands/use-panel-commands.ts";
import { shortPath } from "../../state/files/file-name.ts";
import { saveFile } from "../../state/files/open-files.ts";
import { formatMachine, giveNewIdentity } from "./machine/machine-actions.ts";

interface EditorCommandsOptions {
  readonly setFile: SetFile;
  readonly isActive: boolean;
  readonly view: EditorView | undefined;
  readonly startMigration: (() => void) | undefined;
}

/** Registers the commands of the file whose panel was used last, in place of the last one's. */
export function useEditorCommands({ setFile, isActive, view, startMigration }: EditorCommandsOptions): void {
  const { path, kind } = setFile;
  const commands = useMemo(
    () => view && editorCommands({ path, kind }, view, startMigration),
    [path, kind, view, startMigration],
  );
  usePanelCommands(isActive, commands);
}

function editorCommands(
  { path, kind }: SetFile,
  view: EditorView,
  startMigration: (() => void) | undefined,
): readonly Command[] {
  const group = "Files";
  const name = shortPath(path);
  const save: Command = {
    id: "editor.save",
    title: `Save ${name}`,
    group,
    run: () => saveFile(path),
  };
  if (kind !== "machine") return [save];
  return [
    save,
    { id: "editor.format", title: `Format ${name}`, group, run: () => formatMachine(view) },
    { id: "editor.uuid", title: `New UUID in ${name}`, group, run: () => giveNewIdentity(view, "uuid") },
    { id: "editor.mac", title: `New MAC address in ${name}`, group, run: () => giveNewIdentity(view, "mac") },
    ...(startMigration
      ? [{ id: "editor.migrate", title: `Migrate ${name} to version 1…`, group, run: startMigration }]
      : []),
  ];
}
