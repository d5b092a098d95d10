import { join } from "node:path";
import type { ExchangeBody, ExchangeEvent, ExchangeHeaders } from "../../../shared/guest/exchange.ts";
import { type GuestActionEvent, shellPurposes } from "../../../shared/guest/guest-action.ts";
import { folderListingSchema, guestErrorHeader } from "../../../shared/guest/guest-protocol.ts";
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
  if (code === "guest-no-answer" || code === "guest-action-failed")
    return { ...kindOf(request), ...when, expect: { error: code } };
  const answers = events.filter((event) => event.type === "action-answered" && event.action === number);
  const answer = answers.at(-1);
  const exchange = answer?.type === "action-answered" ? answer.exchange : undefined;
  const ofExchange = events.filter(
    (event): event is SessionEvent & ExchangeEvent =>
      "exchange" in event && event.exchange === exchange && event.type.startsWith("exchange-"),
  );
  const shell = ofExchange.find((event) => event.type === "exchange-ended");
  if (request.type === "exec-shell" && shell) {
    const { action: saved, leftOut: reason } = savedShell(shell, folder);
    if (reason !== undefined) leftOut.push(`The input of action ${number}, a shell, is left out: ${reason}.`);
    return { ...kindOf(request), ...when, ...saved };
  }
  const expected = answerOf(request, ofExchange, folder);
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

function answerOf(
  { type }: Requested["request"],
  events: readonly ExchangeEvent[],
  folder: string,
): ActionInput["expect"] {
  const begin = events.find((event) => event.type === "exchange-started");
  const end = events.find((event) => event.type === "exchange-ended");
  if (!begin || !end) return undefined;
  if (type === "get-artifact" && headerOf(begin.headers, guestErrorHeader) !== undefined)
    return { missing: true };
  if (type === "get-artifact" || type === "composed") {
    const bytes = Buffer.from(end.request.beginning, "base64");
    const isText = end.request.bytes === bytes.length && bytes.length <= wholeBytes && !bytes.includes(0);
    return isText ? { content: bytes.toString() } : { bytes: end.request.bytes };
  }
  if (type !== "list-folder") return undefined;
  const { data } = folderListingSchema.safeParse(parseJson(textOf(end.request, folder)));
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
