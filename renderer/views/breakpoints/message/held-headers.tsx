import { Plus, Undo2, X } from "lucide-react";
import { useId } from "react";
import type { ExchangeHeaders } from "../../../../shared/guest/exchange.ts";
import type { HeldMessage } from "../../../../shared/rules/held-message.ts";
import { escapeName } from "../../../../shared/text/escape-name.ts";
import { changeDraft } from "../../../state/breakpoints/held-messages.ts";
import type { Draft } from "../../../state/breakpoints/held-queue.ts";
import { Button, IconButton } from "../../../ui/button.tsx";
import { headerIssue, isWrongName } from "./header-draft.ts";

interface HeldHeadersProps {
  readonly session: string;
  readonly message: HeldMessage;
  readonly draft: Draft;
}

/** The headers of a held message, which can be edited if its body can. */
export function HeldHeaders({ session, message, draft }: HeldHeadersProps) {
  const { number, headers: original, canEdit } = message;
  const headers = draft.headers ?? original;
  const change = (changed: ExchangeHeaders | undefined) => changeDraft(session, number, { headers: changed });
  const replace = (index: number, header: readonly ExchangeHeaders[number][]) =>
    change(headers.toSpliced(index, 1, ...header));
  if (!canEdit && headers.length === 0) return null;
  return (
    <details className="held-headers" open>
      <summary>Headers</summary>
      {canEdit ? (
        <>
          <ul>
            {headers.map((header, index) => (
              <HeaderFields
                key={index}
                header={header}
                isNew={index >= original.length}
                onChange={(changed) => replace(index, [changed])}
                onRemove={() => replace(index, [])}
              />
            ))}
          </ul>
          <p>
            <Button look="quiet" icon={Plus} onClick={() => change([...headers, ["", ""]])}>
              Add header
            </Button>
            {draft.headers && (
              <Button look="quiet" icon={Undo2} onClick={() => change(undefined)}>
                Reset headers
              </Button>
            )}
          </p>
        </>
      ) : (
        <dl>
          {headers.map(([name, value], index) => (
            <div key={index}>
              <dt>{escapeName(name)}</dt>
              <dd>{escapeName(value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </details>
  );
}

interface HeaderFieldsProps {
  readonly header: ExchangeHeaders[number];
  /** A person has just added it. */
  readonly isNew: boolean;
  readonly onChange: (header: ExchangeHeaders[number]) => void;
  readonly onRemove: () => void;
}

function HeaderFields({ header, isNew, onChange, onRemove }: HeaderFieldsProps) {
  const [name, value] = header;
  const id = useId();
  const issue = headerIssue(header);
  const wrong = (isWrong: boolean) => (isWrong ? { "aria-invalid": true, "aria-describedby": id } : {});
  return (
    <li>
      <input
        className="text-input"
        aria-label="Header"
        // biome-ignore lint/a11y/noAutofocus: a person has just asked for a new header.
        autoFocus={isNew && name === ""}
        value={name}
        {...wrong(isWrongName(header))}
        onChange={({ target }) => onChange([target.value, value])}
      />
      <input
        className="text-input"
        aria-label={`Value of ${name || "the header"}`}
        value={value}
        {...wrong(issue !== undefined && !isWrongName(header))}
        onChange={({ target }) => onChange([name, target.value])}
      />
      <IconButton icon={X} label={`Remove header ${name}`.trim()} onClick={onRemove} />
      {issue && (
        <p id={id} role="alert">
          {issue}
        </p>
      )}
    </li>
  );
}
