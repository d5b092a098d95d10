import { credentialMark, isCredentialHeader } from "./credential-patterns.ts";
import type { Redaction } from "./redaction.ts";
import { valueMark } from "./variable-values.ts";

/** Fields of events that only ever hold words of Tinsmith's own. */
const ownWords: ReadonlySet<string> = new Set([
  "type",
  "kind",
  "step",
  "result",
  "outcome",
  "code",
  "choice",
]);

/** The parts of events that a person does not want to send. */
export interface EventOmissions {
  /** Text that the guest posted to its log. */
  readonly task: boolean;
  /** The bodies of requests and replies. */
  readonly bodies: boolean;
  /** The last lines of the guest's output, which are recorded as the evidence of a failure. */
  readonly evidence: boolean;
  /** The numbers of the exchanges that carried the guest's log. */
  readonly logExchanges: ReadonlySet<number>;
}

/** An event of a session's log, of any version, as its line holds it. */
export type EventLine = Readonly<Record<string, unknown>>;

/** An event without secrets; undefined when all of it is left out. */
export function redactEvent(
  event: EventLine,
  redaction: Redaction,
  { task, bodies, evidence, logExchanges }: EventOmissions,
): EventLine | undefined {
  if (task && event.type === "guest-log") return undefined;
  const isLog = typeof event.exchange === "number" && logExchanges.has(event.exchange);
  const leavesBodies = bodies || (task && isLog);
  const redact = (value: unknown): unknown => {
    if (typeof value === "string") return redaction.text(value);
    if (Array.isArray(value)) return isCredential(value) ? removeValue(value) : value.map(redact);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(redactField));
  };
  const removeValue = ([name]: readonly string[]) => [name, credentialMark(redaction.onReplaced)];
  const redactField = ([name, value]: [string, unknown]): [string, unknown] => {
    if (ownWords.has(name) && typeof value === "string") return [name, value];
    if (name === "details" && evidence) return [name, []];
    // An expectation's: the end of the log, or an answer of the guest's.
    if (name === "seen" && (task || bodies)) return [name, ""];
    if (name === "env" && typeof value === "object" && value !== null) return [name, redactNames(value)];
    // A person's edit of a message, which is made from its body.
    if (name === "step" && (bodies || (task && isLog)) && typeof value === "object") return [name, null];
    if (name === "base64" && typeof value === "string") return [name, redactBody(value)];
    if (name === "beginning" && typeof value === "string")
      return [name, leavesBodies ? "" : redactBody(value)];
    return [name, redact(value)];
  };
  const redactNames = (env: object) =>
    Object.fromEntries(Object.keys(env).map((name) => [name, valueMark(name, redaction.onReplaced)]));
  const redactBody = (base64: string) =>
    redaction.bytes(Buffer.from(base64, "base64"), true).toString("base64");
  return redact(event) as EventLine;
}

/** A header, as events hold them: a name and its value. */
function isCredential(pair: readonly unknown[]): pair is readonly [string, string] {
  const [name, value] = pair;
  return (
    pair.length === 2 && typeof name === "string" && typeof value === "string" && isCredentialHeader(name)
  );
}
