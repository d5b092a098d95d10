import type { ExchangeHeaders } from "../../../../shared/guest/exchange.ts";
import type { HeldMessage } from "../../../../shared/rules/held-message.ts";
import type { MessageEdit } from "../../../../shared/rules/rule.ts";
import { encodeBase64 } from "../../../client/base64.ts";
import type { Draft, DraftBody } from "../../../state/breakpoints/held-queue.ts";
import { bodyIssue, bytesOf, usualFormat, writtenAs } from "./body-formats.ts";
import { editOfHeaders, headersIssue } from "./header-draft.ts";

/** The body that a person edits: the draft's, or else that of the message. */
export function draftBody(bytes: Uint8Array, { body }: Draft): DraftBody {
  if (body) return body;
  const format = usualFormat(bytes);
  return { format, text: writtenAs(format, bytes) ?? "" };
}

/** Whether a body in a draft differs from that of its message, more than by the format. */
export function isOtherBody(bytes: Uint8Array, { format, text }: DraftBody): boolean {
  return text !== writtenAs(format, bytes);
}

/** The problem of the status in a draft. */
export function statusIssue({ status }: Draft): string | undefined {
  return status === undefined || /^[2-5]\d\d$/.test(status) ? undefined : "Enter a status from 200 to 599.";
}

/** The first problem for which a draft can't be sent. */
export function draftIssue({ status, headers, body }: Draft): string | undefined {
  return statusIssue({ status }) ?? headersIssue(headers ?? []) ?? (body && bodyIssue(body));
}

/** The edit that a draft makes of a message with a body; undefined if it changes nothing. */
export function editOf(
  message: HeldMessage,
  bytes: Uint8Array,
  { body, status, headers }: Draft,
): MessageEdit | undefined {
  const edit: MessageEdit = {
    ...(status !== undefined && Number(status) !== message.status && { status: Number(status) }),
    ...headerEdit(message.headers, headers),
    ...(body && isOtherBody(bytes, body) && bodyEdit(body)),
  };
  return Object.keys(edit).length > 0 ? edit : undefined;
}

function headerEdit(
  original: ExchangeHeaders,
  headers: ExchangeHeaders | undefined,
): Pick<MessageEdit, "headers"> {
  const changed = headers && editOfHeaders(original, headers);
  return changed ? { headers: changed } : {};
}

/** Invalid digits make an edit, too, which is not sent. */
function bodyEdit(body: DraftBody): MessageEdit {
  if (body.format === "json" || body.format === "text") return { text: body.text };
  return { base64: encodeBase64(bytesOf(body) ?? new Uint8Array()) };
}
