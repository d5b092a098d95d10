import type { IncomingMessage } from "node:http";
import { guestActionTypes } from "../../../shared/guest/guest-protocol.ts";
import { type EndpointName, endpoints } from "../../../shared/rules/message-kinds.ts";
import { parseJson } from "../../../shared/text/parse-json.ts";
import type { MessageHead } from "../rules/match-rule.ts";

/**
 * The parts of a request that rules compare.
 *
 * @param actionType finds the type of an action by its id
 */
export function headOfRequest(
  { method = "", url = "" }: IncomingMessage,
  actionType: (id: string) => string | undefined,
): MessageHead {
  const target = targetOf(url);
  const endpoint = endpointOf(target?.pathname ?? url);
  const id = target?.searchParams.get("id");
  const action = endpoint === "reply" && id ? actionType(id) : undefined;
  return { from: "guest", endpoint, method, action };
}

/** The id of the action that a request answers. */
export function actionAnswered({ url = "" }: IncomingMessage): string {
  return targetOf(url)?.searchParams.get("id") ?? "";
}

function targetOf(url: string): URL | null {
  return URL.parse(url, "http://169.254.169.254");
}

/** The parts of the response to a request that rules compare. */
export function headOfResponse(
  request: MessageHead,
  { status, body }: { readonly status: number; readonly body: string },
): MessageHead {
  const action = request.endpoint === "poll" ? actionIn(body) : request.action;
  return { ...request, from: "host", status, action };
}

/** The endpoint of a path. */
export function endpointOf(path: string): EndpointName {
  const name = /^\/engine\/v1\/(\w+)$/.exec(path)?.[1];
  return endpoints.find((one) => one === name) ?? "other";
}

/** The id of the action that a response gives. */
export function actionGiven(body: string): string {
  return `${valueIn(body, "id")}`;
}

function valueIn(body: string, key: string): unknown {
  const value = parseJson(body);
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

function actionIn(body: string): string | undefined {
  const type = valueIn(body, "type");
  return [...guestActionTypes, "none"].find((one) => one === type);
}
