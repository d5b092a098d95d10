import { z } from "zod";
import { choice, strictObject } from "../errors/schema-issues.ts";
import { matcherSchema } from "../rules/rule.ts";

const count = (least = 0) => {
  const error = `must be a whole number from ${least} on`;
  return z.int({ error, abort: true }).min(least, { error });
};
const secondsRule = "must be a number of seconds, from 0 to 3600";
export const secondsSchema = z.number({ error: secondsRule }).min(0, secondsRule).max(3600, secondsRule);

const { endpoint, method, action, status } = matcherSchema.shape;
const exchange = {
  endpoint,
  method,
  action,
  status,
  outcome: choice(["complete", "cut"])
    .optional()
    .describe("Whether request and response were whole, or the connection was cut."),
};
const exchangeSchema = strictObject(exchange);
/** Chooses exchanges: those that have all of it. */
export type ExchangeMatcher = Readonly<z.output<typeof exchangeSchema>>;

const counts = {
  count: count().optional().describe("Exactly this number."),
  least: count().optional().describe("At least this number. Default: 1, if neither count nor most is there."),
  most: count().optional().describe("At most this number."),
};

/** Exactly one of these is there. */
export const expectationKinds = {
  result: choice(["success", "failed", "none"]).describe(
    "The task's result; none: the guest tools were lost, or the time was up, before there was one.",
  ),
  exit: count().max(255, "must be at most 255").describe("The exit status of the task."),
  log: strictObject({
    text: z.string().min(1).optional().describe("A text that the task's log has."),
    pattern: matcherSchema.shape.pattern.describe("A regular expression (RE2) that the log has a match of."),
    lacks: z.string().min(1).optional().describe("A text that the log does not have."),
    bytes: count().optional().describe("The size of the log."),
  })
    .refine((value) => Object.keys(value).length > 0, "must have one of text, pattern, lacks, bytes")
    .describe("The task's log. Line ends count as LF in text, pattern and lacks."),
  exchanges: strictObject({ ...exchange, ...counts }).describe("The number of exchanges of a kind."),
  retries: strictObject({ endpoint, least: count().optional(), most: count().optional() })
    .refine((value) => "least" in value || "most" in value, "must have least or most")
    .describe("How often the request that was repeated most was sent again: by its method, path and query."),
  order: z
    .array(exchangeSchema)
    .min(2, "must have at least two exchanges")
    .describe("Exchanges in this order: each ends before the next one begins. Others may come in between."),
  rule: strictObject({ name: z.string(), ...counts }).describe(
    "The number of messages that a rule applied to.",
  ),
};
const kinds = Object.keys(expectationKinds);

export const expectationSchema = strictObject({
  ...z.object(expectationKinds).partial().shape,
  within: secondsSchema
    .optional()
    .describe("Seconds since the guest tools' first request, in which it must be so."),
}).refine(
  (value) => kinds.filter((kind) => kind in value).length === 1,
  `must have one of ${kinds.join(", ")}`,
);

/** Something that a scenario expects of its run. */
export type Expectation = Readonly<z.output<typeof expectationSchema>>;
/** The least and most of something that is counted. */
export type Counts = Readonly<z.output<z.ZodObject<typeof counts>>>;
