import { useId, useMemo } from "react";
import { formOf } from "../../../../shared/guest/message-forms.ts";
import type { HeldMessage } from "../../../../shared/rules/held-message.ts";
import { formatBytes } from "../../../../shared/text/format.ts";
import { changeDraft } from "../../../state/breakpoints/held-messages.ts";
import type { BodyFormat, Draft } from "../../../state/breakpoints/held-queue.ts";
import { Button } from "../../../ui/button.tsx";
import { lazyView } from "../../../ui/lazy-view.tsx";
import { readBody } from "../../action-log/body-text.ts";
import { bodyFormats, bodyIssue, bytesOf, writtenAs } from "./body-formats.ts";
import { BodyHelp } from "./body-help.tsx";
import { draftBody, isOtherBody } from "./held-draft.ts";

// The editor is most of all scripts.
const BodyEditor = lazyView(
  async () => (await import("./body-editor.tsx")).BodyEditor,
  <p className="held-note">Opening the editor…</p>,
);

interface HeldBodyProps {
  readonly session: string;
  readonly message: HeldMessage;
  /** As far as they can be read; undefined before they were. */
  readonly bytes: Uint8Array | undefined;
  readonly draft: Draft;
}

/** The body of a held message: all of it can be edited, its beginning can be read. */
export function HeldBody({ session, message, bytes, draft }: HeldBodyProps) {
  if (!bytes) return <p className="held-note">Reading the body…</p>;
  if (!message.canEdit) return <BeginningOfBody message={message} bytes={bytes} />;
  if (bytes.length === 0 && !draft.body)
    return (
      <p className="held-note">
        No body
        <Button
          look="quiet"
          onClick={() => changeDraft(session, message.number, { body: { format: "text", text: "" } })}
        >
          Add a body
        </Button>
      </p>
    );
  return <EditedBody session={session} message={message} draft={draft} bytes={bytes} />;
}

function BeginningOfBody({
  message: { method },
  bytes,
}: {
  readonly message: HeldMessage;
  readonly bytes: Uint8Array;
}) {
  const { text } = useMemo(() => readBody(bytes, false), [bytes]);
  if (bytes.length === 0)
    return (
      <p className="held-note">
        {method === "GET" ? "No body" : "The guest tools are still sending the body."}
      </p>
    );
  return (
    <section className="held-body" aria-label="Body">
      <p className="held-note">
        <span>Body: the first {formatBytes(bytes.length)}</span>
        <span>Too large to edit, or still being sent.</span>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll the body. */}
      <pre className="held-bytes" tabIndex={0}>
        {text}
      </pre>
    </section>
  );
}

function EditedBody({ session, message, draft, bytes }: HeldBodyProps & { readonly bytes: Uint8Array }) {
  const { number } = message;
  const id = useId();
  const body = draftBody(bytes, draft);
  const isOther = isOtherBody(bytes, body);
  const issue = bodyIssue(body);
  const edited = isOther ? bytesOf(body) : bytes;
  const form = useMemo(() => formOf(message), [message]);
  const change = (changed: Draft["body"]) => changeDraft(session, number, { body: changed });
  return (
    <section className="held-body" aria-label="Body">
      <div className="held-note">
        <label htmlFor={id}>Body as</label>
        <select
          id={id}
          className="text-input"
          value={body.format}
          onChange={({ target }) => {
            const format = target.value as BodyFormat;
            const text = edited && writtenAs(format, edited);
            if (text !== undefined) change({ format, text });
          }}
        >
          {bodyFormats.map(([format, name]) => (
            <option
              key={format}
              value={format}
              disabled={format !== body.format && (!edited || writtenAs(format, edited) === undefined)}
            >
              {name}
            </option>
          ))}
        </select>
        <span>{edited && formatBytes(edited.length)}</span>
        {issue && <span role="alert">{issue}</span>}
        {isOther && (
          <Button look="quiet" onClick={() => change(undefined)}>
            Discard changes
          </Button>
        )}
      </div>
      <div className="held-work">
        <BodyEditor
          key={`${number} ${body.format}`}
          text={body.text}
          format={body.format}
          schema={form?.schema}
          onChange={(text) => change({ format: body.format, text })}
        />
        {form && <BodyHelp form={form} />}
      </div>
    </section>
  );
}
