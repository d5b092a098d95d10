import { redo, redoDepth, undo, undoDepth } from "@codemirror/commands";
import type { EditorView } from "@codemirror/view";
import { AlignLeft, Fingerprint, PanelRight, Play, Redo2, Save, SquareTerminal, Undo2 } from "lucide-react";
import { useStore } from "zustand";
import type { SetFile } from "../../../shared/library/set-file.ts";
import { library } from "../../state/connection/app-state.ts";
import { shortPath } from "../../state/files/file-name.ts";
import { isChanged, type OpenFile } from "../../state/files/open-file.ts";
import { saveFile } from "../../state/files/open-files.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { sayError } from "../../state/messages/notices.ts";
import { runScenarioObstacle } from "../../state/runs/run-scenario.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { formatMachine, giveNewIdentity } from "./machine/machine-actions.ts";
import type { Parts } from "./use-parts.ts";

interface EditorHeadProps {
  readonly setFile: SetFile;
  readonly file: OpenFile;
  readonly view: EditorView | undefined;
  readonly parts: Parts;
}

/** The name of a file, and the commands for it. */
export function EditorHead({ setFile: { path, kind }, file, view, parts }: EditorHeadProps) {
  const hasChanges = isChanged(file);
  return (
    <header className="editor-head">
      <span className="editor-name" title={path}>
        {shortPath(path)}
      </span>
      <span className="editor-state" role="status">
        {file.isSaving ? "Saving…" : hasChanges ? "Not saved" : ""}
      </span>
      <IconButton
        icon={Undo2}
        label="Undo"
        keys="Ctrl+Z"
        disabledReason={!view || undoDepth(view.state) === 0 ? "there is nothing to undo" : undefined}
        onClick={() => view && undo(view)}
      />
      <IconButton
        icon={Redo2}
        label="Redo"
        keys="Ctrl+Y"
        disabledReason={!view || redoDepth(view.state) === 0 ? "there is nothing to redo" : undefined}
        onClick={() => view && redo(view)}
      />
      {kind === "machine" && (
        <>
          <IconButton
            icon={AlignLeft}
            label="Format"
            keys="Shift+Alt+F"
            onClick={() => view && formatMachine(view)}
          />
          <Menu button={<IconButton icon={Fingerprint} label="New identity" />}>
            <MenuItem onSelect={() => view && giveNewIdentity(view, "uuid")}>New UUID</MenuItem>
            <MenuItem onSelect={() => view && giveNewIdentity(view, "mac")}>New MAC address</MenuItem>
          </Menu>
          <IconButton
            icon={PanelRight}
            label="Form"
            pressed={parts.shown.form}
            onClick={() => parts.toggle("form")}
          />
          <IconButton
            icon={SquareTerminal}
            label="QEMU command"
            pressed={parts.shown.command}
            onClick={() => parts.toggle("command")}
          />
        </>
      )}
      {kind === "scenario" && <RunButton path={path} hasChanges={hasChanges} />}
      <Button
        look={hasChanges ? "primary" : "plain"}
        icon={Save}
        disabledReason={
          file.isSaving ? "It is being saved" : hasChanges ? undefined : "There are no changes to save"
        }
        onClick={() => void saveFile(path).catch(sayError)}
      >
        Save
      </Button>
    </header>
  );
}

interface RunButtonProps {
  readonly path: string;
  readonly hasChanges: boolean;
}

/** Runs a scenario as it is on disk. */
function RunButton({ path, hasChanges }: RunButtonProps) {
  const set = useStore(library, ({ value }) => value?.sets.find(({ scenarios }) => scenarios.includes(path)));
  return (
    <Button
      icon={Play}
      disabledReason={hasChanges ? "Save the changes first" : runScenarioObstacle(set)}
      onClick={() => set && openDialog({ name: "scenario", set, file: path })}
    >
      Run…
    </Button>
  );
}
