import type { ExchangeOutcome } from "../../../shared/guest/exchange.ts";
import type { GuestActionRequest } from "../../../shared/guest/guest-action.ts";
import { type EndpointName, endpoints } from "../../../shared/rules/message-kinds.ts";
import type { StepName } from "../../../shared/rules/rule.ts";
import type { Exchange } from "../guest/exchanges.ts";

const prefix = "/engine/v1/";

/** The name of an exchange's endpoint, as in "poll"; a target that is not an endpoint of the service is "other". */
export function endpointOf({ target }: Pick<Exchange, "target">): EndpointName {
  if (!target.startsWith(prefix)) return "other";
  const query = target.indexOf("?");
  const name = target.slice(prefix.length, query < 0 ? undefined : query);
  return endpoints.find((endpoint) => endpoint === name) ?? "other";
}

/** The state of an exchange, or its end. */
export type ExchangeState = "open" | "done" | "refused" | "failed" | "cut";

/** The end of an exchange, as far as it has come. */
interface ExchangeEnd {
  readonly status?: number | undefined;
  readonly outcome?: ExchangeOutcome | undefined;
}

export function stateOf({ status = 0, outcome }: ExchangeEnd): ExchangeState {
  if (outcome === "cut") return "cut";
  if (status >= 500) return "failed";
  if (status >= 400) return "refused";
  return outcome === undefined ? "open" : "done";
}

/** The status of an exchange in a list: `cut` if the guest did not get all of the response, which has its status in the details. */
export function shownStatus({ status, outcome }: ExchangeEnd): number | string {
  return outcome === "cut" ? "cut" : (status ?? "…");
}

export const exchangeStates: Readonly<Record<ExchangeState, string>> = {
  open: "Open",
  done: "Done",
  refused: "Refused (4xx)",
  failed: "Failed (5xx)",
  cut: "Cut",
};

/**
 * Milliseconds of an exchange by what happened in them. A poll waits from its request until its response begins;
 * everything else is work, also the time in which a body is on its way.
 */
export interface Latency {
  readonly waiting: number;
  readonly working: number;
}

/** @param now for an exchange that is open */
export function latencyOf(exchange: Exchange, now: number): Latency {
  const latency = { waiting: 0, working: 0 };
  for (const { kind, from, to } of phasesOf(exchange, now))
    latency[kind === "waiting" ? "waiting" : "working"] += to - from;
  return latency;
}

/** Names of the parts of an exchange's time, in their order. */
export const phaseNames = {
  request: "request",
  waiting: "waiting",
  handling: "handling",
  response: "response",
} as const;

/** A part of the time of an exchange. Milliseconds since the epoch. */
export interface Phase {
  readonly kind: keyof typeof phaseNames;
  readonly from: number;
  readonly to: number;
}

/**
 * The parts of an exchange's time: the request's body arrives, the poll waits or the host handles the request, and the
 * response is sent. A part that took no time is left out.
 *
 * @param now for an exchange that is open
 */
export function phasesOf(exchange: Exchange, now: number): readonly Phase[] {
  const { started, replied, ended } = exchange;
  const end = Math.max(started, ended ?? now);
  const received = exchange.received ?? (hasBody(exchange) ? end : started);
  const requested = Math.min(end, replied ?? end, Math.max(started, received));
  const answered = Math.max(requested, Math.min(end, replied ?? end));
  const kind = endpointOf(exchange) === "poll" ? "waiting" : "handling";
  const phases: readonly Phase[] = [
    { kind: "request", from: started, to: requested },
    { kind, from: requested, to: answered },
    { kind: "response", from: answered, to: end },
  ];
  return phases.filter(({ from, to }) => to > from);
}

/** Whether a request has a body, by its headers: while it arrives, and if it was cut, nothing else tells. */
function hasBody({ requestHeaders }: Pick<Exchange, "requestHeaders">): boolean {
  return requestHeaders.some(
    ([name, value]) => /^transfer-encoding$/i.test(name) || (/^content-length$/i.test(name) && value !== "0"),
  );
}

/** The names of the rules that applied to an exchange, each once. */
export function ruleNames(rules: Exchange["rules"] = []): readonly string[] {
  return [...new Set(rules.map(({ name }) => name))];
}

const stepWords: Readonly<Record<StepName, string>> = {
  hold: "held",
  edit: "edited",
  delay: "delayed",
  throttle: "throttled",
  split: "split",
  cut: "cut",
  answer: "answered",
  drop: "dropped",
  repeat: "sent twice",
};

/** The effects of a rule on an exchange, and its name: `held, edited by Break on reply`. */
export function describeEffects(name: string, rules: Exchange["rules"] = []): string {
  const steps = rules.flatMap((rule) => (rule.name === name ? rule.steps : []));
  const words = [...new Set(steps)].map((step) => stepWords[step]);
  return words.length === 0 ? name : `${words.join(", ")} by ${name}`;
}

/** Bytes of both bodies; undefined while the exchange is open. */
export function sizeOf({ request, reply }: Pick<Exchange, "request" | "reply">): number | undefined {
  return request && reply && request.bytes + reply.bytes;
}

/** Characters of a composed action that are seen in its description. */
const describedText = 200;

/** The request of an action, in a few words. */
export function describeRequest(request: GuestActionRequest): string {
  if ("path" in request) return `${request.type} ${request.path}`;
  if (request.type === "kill-process") return request.type;
  if (request.type === "composed")
    return `composed ${request.text.slice(0, describedText).replaceAll(/\s+/g, " ")}`;
  return [request.type, ...request.command].join(" ");
}
