import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { ErrorReply, ErrorReplyCode } from "../../../shared/guest/guest-protocol.ts";
import type { UpgradeRecorder } from "../record/exchange-recorder.ts";
import type { GuestResponse } from "./guest-response.ts";

/** The reply to a client whose request is not served. */
export interface Refusal {
  /** An HTTP status of 400 or more. */
  readonly status: number;
  readonly code: ErrorReplyCode;
  readonly message: string;
  /** The method that would be right, when it was that. */
  readonly allow?: string | undefined;
}

/** Replies 200 with an empty body. */
export function sendEmpty(response: GuestResponse): void {
  response.deliver({ status: 200, body: "" });
}

export function sendJson(response: GuestResponse, body: unknown): void {
  response.deliver({ status: 200, body: JSON.stringify(body) });
}

export function sendRefusal(response: GuestResponse, refusal: Refusal): void {
  const { status, allow } = refusal;
  response.deliver({ status, body: errorBody(refusal), allow });
}

/** Replies on a connection that has no HTTP parser, or none any more, and closes it. */
export function refuseConnection(
  socket: Duplex,
  refusal: Refusal,
  exchange: UpgradeRecorder | undefined,
): void {
  const { status, allow } = refusal;
  const body = Buffer.from(errorBody(refusal));
  const headers: [string, string][] = [
    ...(allow ? [["Allow", allow] satisfies [string, string]] : []),
    ["Content-Type", "application/json"],
    ["Content-Length", `${body.length}`],
    ["Connection", "close"],
  ];
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...headers.map((header) => header.join(": "))];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
  exchange?.replied(status, headers);
  exchange?.sent(body);
  exchange?.ended("complete");
}

function errorBody({ code, message }: Refusal): string {
  const reply: ErrorReply = { code, message };
  return JSON.stringify(reply);
}
