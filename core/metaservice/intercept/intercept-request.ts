import type { IncomingMessage } from "node:http";
import type { ExchangeHeaders } from "../../../shared/guest/exchange.ts";
import {
  type Answer,
  type Cut,
  editableBytes,
  type MessageEdit,
  seenBytes,
} from "../../../shared/rules/rule.ts";
import { pairsOf } from "../record/header-pairs.ts";
import type { MessageHead } from "../rules/match-rule.ts";
import { bodyOf } from "./altered-body.ts";
import {
  AlteredRequest,
  EndedByRule,
  editHeaders,
  type RequestBody,
  readBeginning,
  wholePieces,
} from "./altered-request.ts";
import { applySteps, type InterceptedMessage, type StepHandlers, type StepResult } from "./apply-steps.ts";
import { closeWithGuest, cutConnection } from "./cut-connection.ts";
import { holdMessage } from "./hold-message.ts";
import { PassedBody, reportEdit } from "./report-edit.ts";
import { delayMessage, type RuleContext } from "./rule-context.ts";
import { type BodyShape, shapeBody } from "./shaped-body.ts";

/** A request that rules may apply to. */
export interface InterceptedRequest {
  readonly request: IncomingMessage;
  readonly exchange: number;
  /** See `HoldableMessage`. */
  readonly began: number;
  readonly head: MessageHead;
  /**
   * `streamed`: it may last for hours, and is passed on as it comes, so that rules see the part that has come. `none`: the
   * request asks for a WebSocket.
   */
  readonly body: "whole" | "streamed" | "none";
  /** Answers it in place of the service, or never: the service's own response is not sent any more. */
  readonly answer: (answer: Answer | undefined) => void;
}

/** The request as rules have left it. */
interface RequestState {
  readonly shape: BodyShape;
  headers: ExchangeHeaders;
  /** The first bytes of its body; all of it, if it was edited. */
  body: Buffer;
  /** The body as it was read from the connection, as far as it was read before it is passed on. */
  read?: RequestBody;
  isEdited: boolean;
}

/**
 * Does to a request what the rules that fit it say.
 *
 * @returns the request for the service, which may be another one; undefined when the service doesn't get it
 */
export async function interceptRequest(
  intercepted: InterceptedRequest,
  context: RuleContext,
): Promise<IncomingMessage | undefined> {
  const { request, exchange, head } = intercepted;
  const { rules } = context;
  const state: RequestState = {
    shape: {},
    headers: pairsOf(request.rawHeaders),
    body: Buffer.alloc(0),
    isEdited: false,
  };
  const needsBody = intercepted.body !== "none" && rules.needsBody(head);
  const isStreamed = intercepted.body === "streamed";
  if (needsBody && !isStreamed) {
    state.read = await readBeginning(request, editableBytes);
    state.body = Buffer.concat(state.read.beginning);
  }
  const counted = new Set<string>();
  const hits = rules.hits(head, state.body.subarray(0, seenBytes), counted);
  const message: InterceptedMessage = { head, exchange, handlers: handlersOf(intercepted, state, context) };
  if (!(await applySteps(hits, message, context))) return undefined;
  if (state.isEdited) reportEdit(head, exchange, state, context);
  if (!needsBody && Object.keys(state.shape).length === 0) return request;

  const original = state.isEdited ? oneBody(state.body) : wholePieces(request, state.read);
  const pieces = needsBody && isStreamed ? scan(original, message, { state, counted, context }) : original;
  const passed = new PassedBody();
  const onCut = ({ by }: Cut) => {
    reportEdit(head, exchange, { headers: state.headers, body: passed.body, bytes: passed.bytes }, context);
    cutConnection(request.socket, by);
    intercepted.answer(undefined);
    throw new EndedByRule();
  };
  return new AlteredRequest(request, passed.pass(shapeBody(pieces, state.shape, onCut)), state.headers);
}

function handlersOf(
  intercepted: InterceptedRequest,
  state: RequestState,
  context: RuleContext,
): StepHandlers {
  const { request, exchange, began, head } = intercepted;
  const { socket } = request;
  const end = (answer?: Answer): StepResult => {
    // Its listeners would keep the rest of the body from being read away.
    void state.read?.rest.return();
    setImmediate(() => request.resume());
    intercepted.answer(answer);
    return "done";
  };
  const isWhole = () => state.read?.isWhole ?? false;
  const edit = (change: MessageEdit): StepResult => {
    if (!isWhole()) return { skipped: "its body is streamed, is larger than 1 MiB, or was interrupted" };
    state.body = bodyOf(change) ?? state.body;
    state.headers = editHeaders(state.headers, change.headers, state.body.length);
    state.isEdited = true;
    return undefined;
  };
  const cut = (how: Cut): StepResult => {
    if (how.after !== undefined) return shape({ cut: { ...how, after: how.after } });
    cutConnection(socket, how.by);
    return end();
  };
  const shape = (change: BodyShape): StepResult => void Object.assign(state.shape, change);
  const hold = (rule: string) =>
    holdMessage(
      rule,
      {
        ...{ head, exchange, began, request, edit, cut, socket },
        headers: state.headers,
        body: state.body,
        canEdit: isWhole(),
        answer: end,
      },
      context,
    );
  return {
    hold,
    edit,
    delay: (seconds) => delayMessage(seconds, { exchange, socket }, context),
    throttle: (throttle) => shape({ throttle }),
    split: (split) => shape({ split }),
    cut,
    answer: end,
    drop: () => {
      closeWithGuest(socket);
      return end();
    },
    repeat: () => ({ skipped: "a request can't be repeated" }),
  };
}

/** Applies rules to a streamed body as soon as they fit the bytes that have come. */
async function* scan(
  pieces: AsyncIterable<Buffer>,
  message: InterceptedMessage,
  scanned: { readonly state: RequestState; readonly counted: Set<string>; readonly context: RuleContext },
): AsyncGenerator<Buffer, void, void> {
  const { state, counted, context } = scanned;
  for await (const piece of pieces) {
    if (state.body.length < seenBytes && context.rules.needsBody(message.head)) {
      state.body = Buffer.concat([state.body, piece.subarray(0, seenBytes - state.body.length)]);
      const hits = context.rules.hits(message.head, state.body, counted);
      if (!(await applySteps(hits, message, context))) throw new EndedByRule();
    }
    yield piece;
  }
}

async function* oneBody(body: Buffer): AsyncGenerator<Buffer, void, void> {
  if (body.length > 0) yield body;
}
