import type { HeldMessage } from "../../../../shared/rules/held-message.ts";
import { escapeName } from "../../../../shared/text/escape-name.ts";
import { changeDraft } from "../../../state/breakpoints/held-messages.ts";
import type { Draft } from "../../../state/breakpoints/held-queue.ts";
import { HeldBody } from "./held-body.tsx";
import { statusIssue } from "./held-draft.ts";
import { HeldHeaders } from "./held-headers.tsx";
import "./message.css";
import { nameOfHeld, senderOf } from "../held-names.ts";
import { HeldPatience } from "../held-patience.tsx";
import { HeldTime } from "../held-time.tsx";

interface HeldDetailProps {
  readonly session: string;
  readonly message: HeldMessage;
  /** Undefined before it was read. */
  readonly body: Uint8Array | undefined;
  readonly draft: Draft;
  /** Whether the guest tools wait meanwhile, and give up at some time. */
  readonly isRunning: boolean;
}

/** A held message: its facts, and its status, headers and body as they can be edited. */
export function HeldDetail({ session, message, body, draft, isRunning }: HeldDetailProps) {
  const { number, method, target, action, rule, since } = message;
  return (
    <article className="held-detail" aria-label={`Held message ${number}`}>
      <header>
        <h2>
          {method} {escapeName(target)}
        </h2>
        <p>
          <span className="held-kind">{nameOfHeld(message)}</span>
          {action !== undefined && <span>for {action}</span>}
          {message.tries > 1 && <span>try {message.tries}</span>}
          <span>{senderOf(message)}</span>
          <span>Rule: {escapeName(rule)}</span>
          <span>
            Held for <HeldTime since={since} />
          </span>
        </p>
      </header>
      {isRunning && <HeldPatience session={session} message={message} />}
      {message.status !== undefined && message.canEdit && (
        <StatusField session={session} number={number} status={message.status} draft={draft} />
      )}
      {message.message === undefined && <HeldHeaders session={session} message={message} draft={draft} />}
      <HeldBody session={session} message={message} bytes={body} draft={draft} />
    </article>
  );
}

interface StatusFieldProps {
  readonly session: string;
  readonly number: number;
  readonly status: number;
  readonly draft: Draft;
}

function StatusField({ session, number, status, draft }: StatusFieldProps) {
  const issue = statusIssue(draft);
  return (
    <label className="held-status">
      Status
      <input
        className="text-input"
        inputMode="numeric"
        maxLength={3}
        value={draft.status ?? `${status}`}
        aria-invalid={issue !== undefined}
        onChange={({ target }) => changeDraft(session, number, { status: target.value })}
      />
      {issue && <span role="alert">{issue}</span>}
    </label>
  );
}
