import { z } from "zod";
import { choice, strictObject } from "../errors/schema-issues.ts";
import { errorCodes } from "../guest/guest-protocol.ts";
import { patternIssue } from "../text/pattern.ts";
import { endpoints, shellMessageTypes, shellStreams, sides } from "./message-kinds.ts";
import { ruleConflicts } from "./rule-conflicts.ts";

/** Bytes of a body that a rule sees. A longer body is compared by its beginning. */
export const seenBytes = 64 * 1024;
/** Bytes of a body that a rule or a person can edit. */
export const editableBytes = 1024 * 1024;
/** A session has at most this many rules: each is compared with each message. */
export const maximumRules = 100;
const maximumText = 10_000;
/** More than any side waits for. Seconds. */
const maximumDelay = 3600;
/** The characters that a header may have by RFC 9110: Node can't send any others. */
export const headerNamePattern = /^[\w!#$%&'*+.^`|~-]+$/;
export const headerValuePattern = /^[\t\x20-\x7e\x80-\xff]*$/;
const delayRule = `must be a number of seconds, above 0 and at most ${maximumDelay}`;

const text = (rule: string) =>
  z.string({ error: rule }).min(1, rule).max(maximumText, `must have at most ${maximumText} characters`);
const count = (least: number, unit: string) => {
  const error = `must be a whole number${unit} from ${least} on`;
  return z.int({ error, abort: true }).min(least, { error });
};
const oneOrMore = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.union([choice(values), z.array(choice(values)).min(1)], {
    error: `must be one or a list of ${values.join(", ")}`,
  });
const status = z.int({ error: "must be an HTTP status from 200 to 599" }).min(200).max(599);

/** The messages that a rule applies to. */
export const matcherSchema = strictObject({
  from: choice(sides)
    .default("guest")
    .describe("The sender: guest for requests, host for responses. A shell's messages have both."),
  endpoint: oneOrMore(endpoints).optional().describe("The endpoint, by the last part of its path."),
  method: text("must be an HTTP method").optional().describe("The HTTP method of the request."),
  action: oneOrMore(["get-artifact", "list-folder", "exec-shell", "kill-process", "none"])
    .optional()
    .describe("The action that a response to poll gives, or that a request to reply answers."),
  status: status.optional().describe("The status of the response."),
  text: text("must be a text").optional().describe("A text in the first 64 KiB of the body."),
  pattern: text("must be a regular expression")
    .refine((pattern) => patternIssue(pattern) === undefined, "must be a regular expression of RE2")
    .optional()
    .describe("A regular expression (RE2) for the first 64 KiB of the body."),
  json: z
    .record(z.string(), z.json(), { error: "must be an object" })
    .optional()
    .describe("Values that the body has as JSON; other keys may be there too."),
  message: oneOrMore(shellMessageTypes).optional().describe("The type of a shell's message."),
  stream: oneOrMore(shellStreams).optional().describe("The stream of a shell's data or ack message."),
  occurrence: count(1, "")
    .optional()
    .describe("Only the message of this number, from 1, among those that fit the rest."),
  probability: z
    .number({ error: "must be a number above 0 and at most 1" })
    .gt(0)
    .max(1)
    .optional()
    .describe("The share of the messages that the rule applies to, by the session's seed."),
});

const body = {
  text: z.string({ error: "must be a text" }).optional().describe("The body, as text."),
  json: z.json().optional().describe("The body, as JSON."),
  base64: z.base64({ error: "must be base64" }).optional().describe("The body, as base64."),
};
const headerValue = z.string().regex(headerValuePattern);
const headers = z
  .record(
    z.string().regex(headerNamePattern),
    z.union([headerValue, z.array(headerValue).min(1), z.null()], {
      error: "must be a text of Latin-1 without line breaks, a list of these, or null",
    }),
  )
  .optional()
  .describe("Headers to set; a list sets one of each value, null removes all of the name.");

const editSchema = strictObject({ status: status.optional(), headers, ...body });
const answerSchema = strictObject({
  status: status.default(500),
  code: choice(errorCodes).optional().describe("The code of an error response."),
  headers,
  ...body,
});
const cutSchema = strictObject({
  after: count(0, " of bytes")
    .optional()
    .describe("Bytes of the body that are passed on first. Without it, nothing is."),
  by: choice(["close", "reset", "half-close"]).default("close").describe("How the connection is cut."),
});

/** Exactly one of these is there. */
const step = {
  hold: z
    .literal(true, "must be true")
    .describe("A breakpoint: holds the message until a person releases it."),
  edit: editSchema.describe("Changes the message."),
  delay: z
    .number({ error: delayRule })
    .positive(delayRule)
    .max(maximumDelay, delayRule)
    .describe("Seconds before the message is passed on."),
  throttle: count(1, " of bytes a second").describe("Bytes of the body a second."),
  split: count(1, " of bytes").describe("Passes the body on in pieces of this many bytes."),
  cut: cutSchema.describe("Cuts the connection."),
  answer: answerSchema.describe("Answers the request; the MetaService does not see it."),
  drop: z.literal(true, "must be true").describe("Neither passes the message on nor answers it."),
  repeat: z.literal(true, "must be true").describe("Sends the message twice."),
};
const stepNames = Object.keys(step).join(", ");
const stepSchema = strictObject(step)
  .partial()
  .refine((value) => Object.keys(value).length === 1, `must have one of ${stepNames}`);

export const ruleSchema = strictObject({
  name: text("must be a name")
    .max(100, "must have at most 100 characters")
    .regex(/^[^\p{Cc}]*$/u, "must not have control characters")
    .describe("A name that no other rule of the session has."),
  when: matcherSchema
    .prefault({})
    .describe("The messages that the rule applies to. Without it: each request."),
  steps: z
    .array(stepSchema, { error: "must be a list of steps" })
    .min(1, "must have a step")
    .describe("The steps that Tinsmith takes with such a message, in this order."),
  times: z
    .union([z.literal("always"), count(1, "")], { error: "must be always, or a whole number from 1 on" })
    .default(1)
    .describe("The number of messages that the rule applies to. Default: 1."),
}).superRefine((rule, context) => {
  for (const { path, message } of ruleConflicts(rule))
    context.addIssue({ code: "custom", path: [...path], message });
});

/** A change of certain messages between the guest tools and the MetaService. */
export type Rule = Readonly<z.output<typeof ruleSchema>>;
export type RuleInput = z.input<typeof ruleSchema>;
export type Matcher = Rule["when"];
export type Step = Rule["steps"][number];
export type StepName = keyof typeof step;
export type Cut = z.output<typeof cutSchema>;
export type MessageEdit = z.output<typeof editSchema>;
export type Answer = z.output<typeof answerSchema>;
export { answerSchema, cutSchema, editSchema };

/** The name of a step: the one key that it has. */
export function nameOfStep(given: Step): StepName {
  return Object.keys(given)[0] as StepName;
}

/** The keys of a rule, of what it chooses, and of its steps: docs/rules.md tells of each. */
export const ruleKeys = [ruleSchema, matcherSchema, stepSchema].map(({ shape }) => Object.keys(shape));
