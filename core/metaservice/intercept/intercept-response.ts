import type { IncomingMessage } from "node:http";
import type { Cut, MessageEdit } from "../../../shared/rules/rule.ts";
import { statusesWithoutBody } from "../../../shared/rules/rule-conflicts.ts";
import type { GuestResponse, ResponseDraft } from "../http/guest-response.ts";
import type { MessageHead } from "../rules/match-rule.ts";
import { bodyOf } from "./altered-body.ts";
import { applySteps, type StepHandlers, type StepResult } from "./apply-steps.ts";
import { closeWithGuest, cutConnection } from "./cut-connection.ts";
import { holdMessage } from "./hold-message.ts";
import { headOfResponse } from "./message-head.ts";
import { reportEdit } from "./report-edit.ts";
import { delayMessage, type RuleContext } from "./rule-context.ts";
import { type BodyShape, shapeBody } from "./shaped-body.ts";

/** The response to a request, which rules may apply to. */
export interface InterceptedResponse {
  readonly request: IncomingMessage;
  readonly response: GuestResponse;
  readonly exchange: number;
  /** See `HoldableMessage`. */
  readonly began: number;
  /** Of the request. */
  readonly head: MessageHead;
  /** Called with a response that is to be sent once more. */
  readonly repeat: (draft: ResponseDraft) => void;
}

/** The response as rules have left it. */
interface ResponseState {
  status: number;
  body: Buffer;
  readonly headers: NonNullable<MessageEdit["headers"]>;
  readonly shape: BodyShape;
  /** Its content, or the way in which it is sent. */
  isChanged: boolean;
  /** Its content. */
  isEdited: boolean;
}

/** Does to a response what the rules that fit it say, and sends it. One that no rule changes has the bytes that it had. */
export async function interceptResponse(
  draft: ResponseDraft,
  intercepted: InterceptedResponse,
  context: RuleContext,
): Promise<void> {
  const { response, exchange } = intercepted;
  const head = headOfResponse(intercepted.head, draft);
  const body = Buffer.from(draft.body);
  const state: ResponseState = {
    status: draft.status,
    body,
    headers: {},
    shape: {},
    isChanged: false,
    isEdited: false,
  };
  const hits = context.rules.hits(head, body);
  const handlers = handlersOf(draft, intercepted, { head, state, context });
  if (!(await applySteps(hits, { head, exchange, handlers }, context))) return;
  const { cut } = state.shape;
  const isShortened = cut !== undefined && cut.after < state.body.length;
  if (state.isEdited || isShortened) {
    const original = { status: draft.status, headers: headersOf(draft), body };
    reportEdit(head, exchange, original, context);
  }
  if (state.isChanged) await sendChanged(draft, response, state);
  else response.sendDraft(draft);
}

function handlersOf(
  draft: ResponseDraft,
  { request, exchange, began, repeat }: InterceptedResponse,
  {
    head,
    state,
    context,
  }: { readonly head: MessageHead; readonly state: ResponseState; readonly context: RuleContext },
): StepHandlers {
  const { socket } = request;
  const change = (changes: Partial<Omit<ResponseState, "isChanged">>): StepResult =>
    void Object.assign(state, changes, { isChanged: true });
  const shape = (changes: BodyShape) => change({ shape: { ...state.shape, ...changes } });
  const edit = ({ status = state.status, headers, ...body }: MessageEdit) =>
    change({
      status,
      headers: { ...state.headers, ...headers },
      body: bodyOf(body) ?? state.body,
      isEdited: true,
    });
  const cut = (how: Cut): StepResult => {
    if (how.after !== undefined) return shape({ cut: { ...how, after: how.after } });
    cutConnection(socket, how.by);
    return "done";
  };
  const noAnswer = (): StepResult => ({ skipped: "a response can't be answered" });
  return {
    hold: (rule) =>
      holdMessage(
        rule,
        {
          ...{ head, exchange, began, request, socket, edit, cut },
          headers: headersOf(draft),
          body: state.body,
          canEdit: true,
          answer: noAnswer,
        },
        context,
      ),
    edit,
    delay: (seconds) => delayMessage(seconds, { exchange, socket }, context),
    throttle: (throttle) => shape({ throttle }),
    split: (split) => shape({ split }),
    cut,
    answer: noAnswer,
    drop: () => {
      closeWithGuest(socket);
      return "done";
    },
    repeat: () => void repeat(draft),
  };
}

function headersOf({ body, allow }: ResponseDraft): [string, string][] {
  const allowed: [string, string][] = allow === undefined ? [] : [["Allow", allow]];
  return body ? [...allowed, ["Content-Type", "application/json"]] : allowed;
}

async function sendChanged(
  draft: ResponseDraft,
  response: GuestResponse,
  state: ResponseState,
): Promise<void> {
  const { status, body, headers, shape } = state;
  response.statusCode = status;
  const hasBody = !statusesWithoutBody.includes(status);
  const all = hasBody ? [...headersOf(draft), ["Content-Length", `${body.length}`] as const] : [];
  for (const [name, value] of all) response.setHeader(name, value);
  for (const [name, value] of Object.entries(headers)) {
    if (value === null) response.removeHeader(name);
    else response.setHeader(name, value);
  }
  if (Object.keys(shape).length === 0) {
    response.end(hasBody ? body : undefined);
    return;
  }
  let cut: Cut | undefined;
  response.flushHeaders();
  for await (const piece of shapeBody(hasBody ? [body] : [], shape, (how) => {
    cut = how;
  }))
    await written(response, piece);
  if (cut) await cutWhenSent(response, cut);
  else response.end();
}

/** Each piece is a packet of its own, as far as the network lets it be. */
function written(response: GuestResponse, piece: Buffer): Promise<void> {
  return new Promise((resolve) => response.write(piece, () => setImmediate(resolve)));
}

async function cutWhenSent({ socket }: GuestResponse, { by }: Cut): Promise<void> {
  if (!socket) return;
  await new Promise<void>((resolve) => socket.write("", () => resolve()));
  cutConnection(socket, by);
}
