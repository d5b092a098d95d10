import { isUtf8 } from "node:buffer";
import { join } from "node:path";
import type { ExchangeBody, ExchangeHeaders } from "../../../shared/guest/exchange.ts";
import { type GuestActionEvent, shellPurposes } from "../../../shared/guest/guest-action.ts";
import { folderListingSchema, guestErrorHeader } from "../../../shared/guest/guest-protocol.ts";
import type { ServiceMessage } from "../../../shared/rules/rule-event.ts";
import type { ScenarioInput } from "../../../shared/scenario/scenario.ts";
import type { ActionInput } from "../../../shared/scenario/scenario-action.ts";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import { parseJson } from "../../../shared/text/parse-json.ts";
import { readTextFile } from "../../files/text-file.ts";
import { savedShell } from "./saved-shell.ts";

/** A listing is expected to have these of its files at most: a person reads the file. */
const listedFiles = 20;
/** A text file of up to this many bytes is expected as it was, a larger one by its size. */
const wholeBytes = 200;
const maximumListing = 16 * 1024 ** 2;

type Requested = Extract<GuestActionEvent, { type: "action-requested" }>;

/** The actions of a session, with the answers that they had. @param folder the session's */
export function savedActions(
  events: readonly SessionEvent[],
  folder: string,
): { readonly actions: NonNullable<ScenarioInput["actions"]>; readonly leftOut: readonly string[] } {
  const start = events.find(({ type }) => type === "guest-tools-started")?.time ?? 0;
  const requests = events.filter((event) => event.type === "action-requested");
  const leftOut = requests.flatMap(({ action, purpose }) =>
    purpose
      ? `Action ${action} is left out: it is a shell of Tinsmith's own, to ${shellPurposes[purpose]}.`
      : [],
  );
  const wanted = requests.filter(({ purpose }) => purpose === undefined);
  const actions = wanted.map((event) => savedAction(event, events, { start, folder, leftOut }));
  return { actions, leftOut };
}

function savedAction(
  { action: number, request, time }: Requested,
  events: readonly SessionEvent[],
  { start, folder, leftOut }: { readonly start: number; readonly folder: string; readonly leftOut: string[] },
): ActionInput {
  const after = Math.max(0, Math.round((time - start) / 100) / 10);
  const when = after > 0 ? { when: { after } } : {};
  const end = events.find((event) => event.type === "action-ended" && event.action === number);
  const code = end?.type === "action-ended" ? end.error?.code : undefined;
  const answers = events.filter((event) => event.type === "action-answered" && event.action === number);
  const answer = answers.at(-1);
  const exchange = answer?.type === "action-answered" ? answer.exchange : undefined;
  const ofExchange = events.filter((event) => "exchange" in event && event.exchange === exchange);
  const isError = code === "guest-no-answer" || code === "guest-action-failed";
  if (isError && !(request.type === "exec-shell" && wasCutByPerson(ofExchange)))
    return { ...kindOf(request), ...when, expect: { error: code } };
  const shell = ofExchange.find((event) => event.type === "exchange-ended");
  if (request.type === "exec-shell" && shell) {
    const { action: saved, leftOut: reason } = savedShell(shell, folder);
    if (reason !== undefined) leftOut.push(`The input of action ${number}, a shell, is left out: ${reason}.`);
    return { ...kindOf(request), ...when, ...saved };
  }
  const reply = replyIn(ofExchange);
  const expected = reply && answerOf(request, reply, folder);
  return { ...kindOf(request), ...when, ...(expected && { expect: expected }) };
}

function kindOf(request: Requested["request"]): ActionInput {
  switch (request.type) {
    case "list-folder":
      return { "list-folder": request.path };
    case "get-artifact":
      return { "get-artifact": request.path };
    case "exec-shell":
      return { shell: [...request.command], ...(request.tty && { tty: true }) };
    case "kill-process":
      return { "kill-process": true };
    case "composed":
      return { composed: request.text };
  }
}

/** Whether a person cut an open shell at one of its messages, for which the scenario has no rule. */
function wasCutByPerson(events: readonly SessionEvent[]): boolean {
  return events.some((event) => event.type === "message-released" && event.release === "cut");
}

/** The guest's reply as the host got it: after the rules, and the edit of a person. */
function replyIn(events: readonly SessionEvent[]): ServiceMessage | undefined {
  const edited = events.findLast((event) => event.type === "message-edited" && event.from === "guest");
  if (edited?.type === "message-edited") return edited;
  const begin = events.find((event) => event.type === "exchange-started");
  const end = events.find((event) => event.type === "exchange-ended");
  return begin && end && { headers: begin.headers, body: end.request };
}

function answerOf(
  { type }: Requested["request"],
  { headers, body }: ServiceMessage,
  folder: string,
): ActionInput["expect"] {
  if (type === "get-artifact" && headerOf(headers, guestErrorHeader) !== undefined) return { missing: true };
  if (type === "get-artifact" || type === "composed") {
    const bytes = Buffer.from(body.beginning, "base64");
    const isWhole = body.bytes === bytes.length && bytes.length <= wholeBytes;
    const isText = isWhole && isUtf8(bytes) && !bytes.includes(0);
    return isText ? { content: bytes.toString() } : { bytes: body.bytes };
  }
  if (type !== "list-folder") return undefined;
  const { data } = folderListingSchema.safeParse(parseJson(textOf(body, folder)));
  if (data?.notFound) return { missing: true };
  return data && data.files.length > 0 ? { files: data.files.slice(0, listedFiles) } : undefined;
}

function headerOf(headers: ExchangeHeaders, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted.toLowerCase())?.[1];
}

/** As much of a body as was kept. */
function textOf({ beginning, file }: ExchangeBody, folder: string): string {
  if (file === undefined) return Buffer.from(beginning, "base64").toString();
  return readTextFile(join(folder, file), { maximumBytes: maximumListing, code: "usage" });
}
