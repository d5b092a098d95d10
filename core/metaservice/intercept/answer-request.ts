import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { ErrorReply } from "../../../shared/guest/guest-protocol.ts";
import type { Answer } from "../../../shared/rules/rule.ts";
import { statusesWithoutBody } from "../../../shared/rules/rule-conflicts.ts";
import type { GuestResponse } from "../http/guest-response.ts";
import type { UpgradeRecorder } from "../record/exchange-recorder.ts";
import { bodyOf } from "./altered-body.ts";
import { setHeaders } from "./altered-request.ts";

/** Answers a request in place of the service. */
export function answerRequest(response: GuestResponse, answer: Answer): void {
  const body = answerBody(answer);
  response.statusCode = answer.status;
  for (const [name, value] of answerHeaders(answer, body)) response.appendHeader(name, value);
  response.end(body);
}

/** Answers a request on a connection that has no HTTP parser any more, and closes it. */
export function answerConnection(
  socket: Duplex,
  answer: Answer,
  exchange: UpgradeRecorder | undefined,
): void {
  const body = answerBody(answer);
  const headers: [string, string][] = [...answerHeaders(answer, body), ["Connection", "close"]];
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.write(`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ""}\r\n${lines}\r\n`);
  socket.end(body, () => socket.destroy());
  exchange?.replied(answer.status, headers);
  exchange?.sent(body);
  exchange?.ended("complete");
}

/** An answer of 400 or more without a body gets the one that all error responses have. */
function answerBody(answer: Answer): Buffer {
  const { status, code = "InternalError" } = answer;
  const error: ErrorReply = { code, message: "a rule of this session answers so" };
  if (statusesWithoutBody.includes(status)) return Buffer.alloc(0);
  return bodyOf(answer) ?? Buffer.from(status >= 400 ? JSON.stringify(error) : "");
}

function answerHeaders({ status, headers = {} }: Answer, body: Buffer): [string, string][] {
  const given = Object.keys(headers).map((name) => name.toLowerCase());
  const hasLength = !statusesWithoutBody.includes(status);
  const usual: [string, string][] = hasLength ? [["Content-Length", `${body.length}`]] : [];
  if (body.length > 0) usual.unshift(["Content-Type", "application/json"]);
  return [...usual.filter(([name]) => !given.includes(name.toLowerCase())), ...setHeaders(headers)];
}
