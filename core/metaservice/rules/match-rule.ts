import { isDeepStrictEqual } from "node:util";
import type { ShellStream } from "../../../shared/guest/shell-codec.ts";
import type { EndpointName, ShellMessageType, Side } from "../../../shared/rules/message-kinds.ts";
import type { Matcher } from "../../../shared/rules/rule.ts";
import { parseJson } from "../../../shared/text/parse-json.ts";
import { hasMatch } from "../../../shared/text/pattern.ts";

/** All that a rule can compare of a message, except its body. */
export interface MessageHead {
  readonly from: Side;
  readonly endpoint: EndpointName;
  /** Of the request. */
  readonly method: string;
  /** The type of the action that a response to poll gives, or a request to reply answers. */
  readonly action?: string | undefined;
  /** Of a response. */
  readonly status?: number | undefined;
  /** Of a shell's message. */
  readonly message?: ShellMessageType | undefined;
  readonly stream?: ShellStream | undefined;
}

/** Whether a message has all that a matcher asks for, except its body. */
export function fitsHead(matcher: Matcher, head: MessageHead): boolean {
  const isOfShell = matcher.message !== undefined || matcher.stream !== undefined;
  return (
    matcher.from === head.from &&
    // A rule for requests and responses leaves a shell's messages alone.
    isOfShell === (head.message !== undefined) &&
    isAmong(matcher.endpoint, head.endpoint) &&
    (matcher.method === undefined || matcher.method.toUpperCase() === head.method) &&
    isAmong(matcher.action, head.action) &&
    (matcher.status === undefined || matcher.status === head.status) &&
    isAmong(matcher.message, head.message) &&
    isAmong(matcher.stream, head.stream)
  );
}

/** Whether the beginning of a body has all that a matcher asks for. */
export function fitsBody({ text, pattern, json }: Matcher, body: Uint8Array = new Uint8Array()): boolean {
  if (text === undefined && pattern === undefined && json === undefined) return true;
  const seen = new TextDecoder().decode(body);
  return (
    (text === undefined || seen.includes(text)) &&
    (pattern === undefined || hasMatch(seen, pattern)) &&
    (json === undefined || contains(parseJson(seen), json))
  );
}

function isAmong(wanted: string | readonly string[] | undefined, value: string | undefined): boolean {
  if (wanted === undefined) return true;
  return value !== undefined && (wanted === value || (Array.isArray(wanted) && wanted.includes(value)));
}

/** Whether a value has all keys of an object with these values, and maybe others. Lists are compared as a whole. */
function contains(value: unknown, wanted: unknown): boolean {
  if (!isPlainObject(wanted)) return isDeepStrictEqual(value, wanted);
  return (
    isPlainObject(value) &&
    Object.entries(wanted).every(([key, one]) => Object.hasOwn(value, key) && contains(value[key], one))
  );
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
