import { useEffect, useRef, useState } from "react";
import { guestActionTypes } from "../../../shared/guest/guest-protocol.ts";
import { composedActionSchema } from "../../../shared/guest/message-forms.ts";
import { performComposed } from "../../state/guest/guest-actions.ts";
import { useSessionLife } from "../../state/sessions/session-life.ts";
import { FormDialog } from "../../ui/dialogs/form-dialog.tsx";
import { Field } from "../../ui/forms/field.tsx";
import { TextField } from "../../ui/forms/text-field.tsx";
import { lazyView } from "../../ui/lazy-view.tsx";
import { ActionWaitNote } from "../action-log/action-wait.tsx";
import { fieldsOf, isKnownType, templateOf, withField } from "./action-template.ts";
import "./compose.css";

// The editor is most of all scripts.
const BodyEditor = lazyView(
  async () => (await import("../breakpoints/message/body-editor.tsx")).BodyEditor,
  <p className="field-hint">Opening the editor…</p>,
);

interface SendActionDialogProps {
  readonly session: string;
  /** The JSON of an earlier action, which is sent again. */
  readonly action: string | undefined;
  readonly onClose: () => void;
}

/** Composes any action for the guest tools, also a malformed or unknown one; closing it while they are asked gives that up. */
export function SendActionDialog({ session, action, onClose }: SendActionDialogProps) {
  const [text, setText] = useState(action ?? templateOf("list-folder"));
  const asked = useRef<AbortController>(null);
  const [isAsking, setAsking] = useState(false);
  useEffect(() => () => asked.current?.abort(), []);
  const life = useSessionLife(session);
  const fields = fieldsOf(text);
  return (
    <FormDialog
      title={action === undefined ? "Send an action" : "Repeat an action"}
      description="The guest tools get it with their next poll. An unknown or malformed action is sent, too."
      action="Send action"
      obstacle={life === "running" ? undefined : "The session has ended."}
      onSubmit={async () => {
        setAsking(true);
        const controller = new AbortController();
        asked.current = controller;
        try {
          await performComposed(session, text, controller.signal);
        } catch (error) {
          // Closing the dialog cancels the action.
          if (!controller.signal.aborted) throw error;
        } finally {
          setAsking(false);
        }
      }}
      onClose={onClose}
    >
      <Field label="Type" hint={fields ? undefined : "The JSON below is not an object."}>
        {(properties) => (
          <select
            {...properties}
            value={fields && isKnownType(fields.type) ? fields.type : ""}
            onChange={({ target }) => isKnownType(target.value) && setText(templateOf(target.value))}
          >
            {!(fields && isKnownType(fields.type)) && <option value="">Another one</option>}
            {guestActionTypes.map((type) => (
              <option key={type}>{type}</option>
            ))}
          </select>
        )}
      </Field>
      {(fields?.type === "list-folder" || fields?.type === "get-artifact") && (
        <TextField
          label="Path"
          value={fields.path}
          onChange={(path) => setText(withField(text, "path", path))}
        />
      )}
      <div className="field compose-action">
        <span>Action</span>
        <BodyEditor
          label="Action"
          text={text}
          format="json"
          schema={composedActionSchema}
          onChange={setText}
        />
        <p className="field-hint">Tinsmith adds an id if there is none.</p>
      </div>
      {isAsking && <ActionWaitNote session={session} request={{ type: "composed", text }} />}
    </FormDialog>
  );
}
