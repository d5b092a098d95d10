import { useState } from "react";
import { useStore } from "zustand";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatCount } from "../../../shared/text/format.ts";
import { sessions } from "../../state/connection/app-state.ts";
import type { DroppedItem } from "../../state/guest/dropped-items.ts";
import { startDataCd, startUploads } from "../../state/guest/uploads.ts";
import { useSessionLog } from "../../state/sessions/use-session-log.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { TextField } from "../../ui/forms/text-field.tsx";

interface PutDialogProps {
  readonly session: string;
  readonly items: readonly DroppedItem[];
  readonly onClose: () => void;
}

/** The folder that is proposed: in every guest it can be written to. */
const usualFolder = "/tmp";

/** Asks how, and to which place, dropped files are to be copied into the guest. */
export function PutDialog({ session, items, onClose }: PutDialogProps) {
  const kind = useStore(sessions, ({ value }) => value?.find(({ id }) => id === session)?.kind);
  const toolsStarted = useSessionLog(session, ({ run }) => run.toolsStarted);
  const hasTools = kind === "run" || kind === "meta";
  const hasDrive = kind !== "meta";
  const [chosen, setChosen] = useState<"tools" | "cd">();
  const [folder, setFolder] = useState(usualFolder);
  const way = chosen ?? (hasTools && (toolsStarted !== undefined || !hasDrive) ? "tools" : "cd");
  const issue = folder.startsWith("/") ? undefined : "Enter an absolute path in the guest, such as /tmp.";
  const submit = async () => {
    void (way === "tools" ? startUploads(session, items, folder) : startDataCd(session, items));
  };
  return (
    <FormDialog
      title="Copy into the guest"
      description={describeItems(items)}
      action={way === "tools" ? "Copy into guest" : "Insert data CD"}
      onSubmit={submit}
      onClose={onClose}
    >
      {hasDrive && (
        <fieldset className="choices">
          <legend>Copy</legend>
          <label className="choice">
            <input
              type="radio"
              name="way"
              checked={way === "tools"}
              disabled={!hasTools}
              onChange={() => setChosen("tools")}
            />
            {hasTools ? "with the guest tools" : "with the guest tools, which a build does not have"}
          </label>
          <label className="choice">
            <input type="radio" name="way" checked={way === "cd"} onChange={() => setChosen("cd")} />
            on a data CD, in place of the present CD
          </label>
        </fieldset>
      )}
      {way === "tools" && (
        <TextField
          label="Folder in the guest"
          name="path"
          hint="Replaces a file of the same name when the new one is complete."
          issue={issue}
          value={folder}
          onChange={setFolder}
        />
      )}
    </FormDialog>
  );
}

function describeItems(items: readonly DroppedItem[]): string {
  const [only] = items;
  return items.length === 1 && only
    ? escapeName(only.name)
    : formatCount(items.length, "file or folder", "files and folders");
}
