import { z } from "zod";
import { strictObject, wholeNumber } from "../errors/schema-issues.ts";
import { limits } from "../limits.ts";
import { rulesSchema } from "../rules/rules-file.ts";
import { expectationKinds, expectationSchema } from "./expectation.ts";
import { actionSchema, answerSchema } from "./scenario-action.ts";

/** More than anybody writes: each is looked at again and again. */
const maximumItems = 100;
/** Of a scenario without a time-out of its own. Seconds. */
export const defaultTimeout = 120;

const list = <Item extends z.ZodType>(item: Item, what: string) =>
  z
    .array(item, { error: `must be a list of ${what}` })
    .max(maximumItems, `must have at most ${maximumItems} ${what}`);

/** A run with its faults, and what must come of it: the content of a scenario file. */
export const scenarioSchema = strictObject({
  name: z
    .string({ error: "must be a text" })
    .min(1, "must be a text")
    .max(200, "must have at most 200 characters")
    .regex(/^[^\p{Cc}]*$/u, "must not have control characters")
    .describe("A sentence about what must happen."),
  command: z
    .array(z.string(), { error: "must be a list: a program and its arguments" })
    .min(1, "must name a program")
    .describe("The task: a program and its arguments."),
  env: z
    .record(z.string(), z.string(), { error: "must be an object of texts" })
    .default({})
    .describe("Environment variables of the task."),
  tty: z.boolean({ error: "must be true or false" }).optional().describe("false: a task without a terminal."),
  timeout: wholeNumber(limits.timeout, " of seconds")
    .default(defaultTimeout)
    .describe("Seconds after which the run ends without a result. Default: 120."),
  seed: wholeNumber(2 ** 31)
    .optional()
    .describe("The seed of the rules that have a probability."),
  rules: rulesSchema
    .default([])
    .describe("Rules, as in a rules.yaml. Each must apply to a message at least once."),
  actions: list(actionSchema, "actions").default([]).describe("Actions that the guest tools are asked for."),
  expect: list(expectationSchema, "expectations")
    .default([])
    .describe("Expectations. Without one of the result, there must be a result."),
}).superRefine(({ rules, expect }, context) => {
  const refuse = (path: (string | number)[], rule: string) =>
    context.addIssue({ code: "custom", path, message: rule });
  for (const [index, { steps }] of rules.entries())
    if (steps.some((step) => step.hold))
      refuse(["rules", index, "steps"], "must not hold: nobody is there to release a message");
  for (const [index, { rule }] of expect.entries())
    if (rule && !rules.some(({ name }) => name === rule.name))
      refuse(["expect", index, "rule", "name"], "is not the name of a rule of this scenario");
});
export type Scenario = Readonly<z.output<typeof scenarioSchema>>;
export type ScenarioInput = z.input<typeof scenarioSchema>;

/** The keys of a scenario, of an action and its answer, and of expectations, in the order of docs/ci.md. */
export const scenarioKeys = [
  ...[scenarioSchema, actionSchema, answerSchema].map(({ shape }) => Object.keys(shape)),
  Object.keys(expectationKinds),
];
