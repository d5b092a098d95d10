import type { ExchangeEvent, ExchangeHeaders } from "../../../shared/guest/exchange.ts";
import type { FindingEvent } from "../../../shared/guest/finding.ts";
import type { GuestActionEvent, GuestActionRequest } from "../../../shared/guest/guest-action.ts";
import { composedActionSchema } from "../../../shared/guest/message-forms.ts";
import { logBytesHeader } from "../../../shared/guest/task-outcome.ts";
import { formatCount } from "../../../shared/text/format.ts";
import { parseJson } from "../../../shared/text/parse-json.ts";
import type { Report, Untimed } from "../../session-record/report.ts";
import { endpointOf } from "../intercept/message-head.ts";
import type { ExchangeEnd } from "../record/exchange-recorder.ts";

/** Events that findings are computed from; their times don't matter. */
type SeenEvent = ExchangeEvent | Untimed<ExchangeEvent | GuestActionEvent>;

/** Looks for findings in the exchanges of a session. */
export interface ExchangeFindings {
  /** Takes the next event of an exchange or an action; others are ignored. */
  see(event: SeenEvent | { readonly type: string }): void;
  /** Takes the end of an exchange. */
  ended(end: ExchangeEnd): void;
}

/** So many replies are remembered, to compare repeated ones with: a guest can send any number. */
const rememberedReplies = 100;

/** @param report takes what is found, at once */
export function createExchangeFindings(report: Report<FindingEvent>): ExchangeFindings {
  const find: Find = (exchange, name, text) => report({ type: "finding", exchange, name, text });
  const logs = createLogFindings(find);
  const replies = createReplyFindings(find);
  return {
    see: (event) => {
      if (!isSeen(event)) return;
      if (event.type === "exchange-started") {
        const endpoint = endpointOf(event.target.replace(/\?.*/s, ""));
        if (endpoint === "log") logs.begun(event.exchange);
        else if (event.method === "PUT" && (endpoint === "success" || endpoint === "failed"))
          logs.resultCame(event.exchange, numberIn(event.headers, logBytesHeader));
        else if (endpoint === "reply" && event.method === "POST")
          replies.begun(event.exchange, event.target, numberIn(event.headers, "Content-Length"));
      } else if (event.type === "exchange-replied") {
        logs.replied(event.exchange);
        replies.replied(event.exchange, event.status);
      } else if ("action" in event) replies.acted(event);
    },
    ended: ({ exchange, requestBytes }) => logs.ended(exchange, requestBytes),
  };
}

type Find = (exchange: number, name: string, text: string) => void;

/** Compares the task's log with its result. */
function createLogFindings(find: Find) {
  const open = new Set<number>();
  /** The newest log, and whether the guest was told of its end: an older one whose connection was lost is sent again. */
  let newest: { readonly exchange: number; isConfirmed: boolean } | undefined;
  let hasResult = false;
  let bytes = 0;
  return {
    begun: (exchange: number) => {
      open.add(exchange);
      newest = { exchange, isConfirmed: false };
    },
    replied: (exchange: number) => {
      if (newest?.exchange === exchange) newest.isConfirmed = true;
    },
    ended: (exchange: number, requestBytes: number) => {
      if (open.delete(exchange)) bytes += requestBytes;
    },
    /** @param written the bytes of the log by the guest tools, if they tell */
    resultCame: (exchange: number, written: number | undefined) => {
      if (hasResult) return;
      hasResult = true;
      if (newest && !newest.isConfirmed && open.has(newest.exchange))
        find(
          exchange,
          "result before log",
          `The result came before the end of the log, which is exchange ${newest.exchange}.`,
        );
      else if (written !== undefined && written > bytes)
        find(
          exchange,
          "log too short",
          `The log has ${inBytes(bytes)} of the ${inBytes(written)} that the task has written.`,
        );
    },
  };
}

/** Compares replies with their actions, and repeated replies with the first ones. */
function createReplyFindings(find: Find) {
  /** The lengths of replies by the ids of their actions. */
  const lengths = new Map<string, number>();
  /** Actions that a person has composed, and that guest tools need not reply to. */
  const malformed = new Set<number>();
  /** The exchange of the newest step of an action's try, and the status of a refused reply. */
  const tries = new Map<number, { exchange: number; isReply: boolean; status?: number }>();
  return {
    begun: (exchange: number, target: string, length: number | undefined) => {
      const id = URL.parse(target, "http://service")?.searchParams.get("id");
      if (length === undefined || id == null) return;
      const first = lengths.get(id);
      if (first === undefined) lengths.set(id, length);
      else if (first !== length)
        find(
          exchange,
          "another reply",
          `The guest tools have sent this reply again with ${inBytes(length)}. Before, it had ${inBytes(first)}.`,
        );
      const [oldest] = lengths.keys();
      if (lengths.size > rememberedReplies && oldest !== undefined) lengths.delete(oldest);
    },
    replied: (exchange: number, status: number) => {
      for (const step of tries.values()) if (step.exchange === exchange) step.status = status;
    },
    acted: (event: Untimed<GuestActionEvent>) => {
      const { action } = event;
      if (event.type === "action-requested" && !wantsReply(event.request)) malformed.add(action);
      // A person may give an id to another action.
      if (event.type === "action-taken") lengths.delete(event.id);
      if (event.type === "action-taken" || event.type === "action-answered")
        tries.set(action, { exchange: event.exchange, isReply: event.type === "action-answered" });
      else if (event.type === "action-ended") tries.delete(action);
      else if (event.type === "action-try-failed") {
        const step = tries.get(action);
        tries.delete(action);
        if (!step) return;
        const { exchange, isReply, status = 0 } = step;
        if (malformed.has(action)) return;
        if (!isReply) find(exchange, "no reply", `Action ${action} got no reply: ${event.reason}.`);
        else if (status >= 400 && status < 500)
          find(exchange, "invalid reply", `The reply is not valid: ${event.reason}.`);
      }
    },
  };
}

/** Guest tools reply to each action that keeps the protocol; `none` is not one. */
function wantsReply(request: GuestActionRequest): boolean {
  if (request.type !== "composed") return true;
  const { data } = composedActionSchema.safeParse(parseJson(request.text));
  return data !== undefined && data.type !== "none";
}

const seenTypes: Readonly<Record<(ExchangeEvent | GuestActionEvent)["type"], true>> = {
  "exchange-started": true,
  "exchange-received": true,
  "exchange-replied": true,
  "exchange-ended": true,
  "action-requested": true,
  "action-taken": true,
  "action-answered": true,
  "action-try-failed": true,
  "action-ended": true,
};

function isSeen(event: { readonly type: string }): event is SeenEvent {
  return event.type in seenTypes;
}

/** The number in a header; undefined if there is none. */
function numberIn(headers: ExchangeHeaders, name: string): number | undefined {
  const value = headers.find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1] ?? "";
  return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

function inBytes(bytes: number): string {
  return formatCount(bytes, "byte");
}
