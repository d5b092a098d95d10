import type { ServerResponse } from "node:http";
import type { ErrorReply, ErrorReplyCode } from "../../shared/guest-protocol.ts";

/** Replies 200 with an empty body. */
export function sendEmpty(response: ServerResponse): void {
  send(response, 200, "");
}

export function sendJson(response: ServerResponse, body: unknown): void {
  send(response, 200, JSON.stringify(body));
}

/** @param status an HTTP status of 400 or more */
export function sendError(
  response: ServerResponse,
  status: number,
  code: ErrorReplyCode,
  message: string,
): void {
  send(response, status, errorBody(code, message));
}

export function errorBody(code: ErrorReplyCode, message: string): string {
  const reply: ErrorReply = { code, message };
  return JSON.stringify(reply);
}

function send(response: ServerResponse, status: number, body: string): void {
  // A length, because an HTTP/1.0 client can't read a chunked body.
  response.setHeader("Content-Length", Buffer.byteLength(body));
  if (body) response.setHeader("Content-Type", "application/json");
  response.statusCode = status;
  response.end(body);
}
