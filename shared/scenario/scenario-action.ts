import { z } from "zod";
import { choice, strictObject } from "../errors/schema-issues.ts";
import { maximumComposedAction } from "../guest/guest-action.ts";
import { secondsSchema } from "./expectation.ts";

const path = z.string({ error: "must be a path" }).min(1, "must be a path");

/** Exactly one of these is there. */
const actionKinds = {
  "list-folder": path.describe("Lists the files of this folder and below."),
  "get-artifact": path.describe("Gets this file."),
  shell: z
    .array(z.string(), { error: "must be a list: a program and its arguments" })
    .describe("Runs this program in a shell of the guest; an empty list: the guest's own shell."),
  "kill-process": z.literal(true, "must be true").describe("Kills the task."),
  composed: z
    .string({ error: "must be a text" })
    .max(maximumComposedAction, "must have at most 1 MiB")
    .describe(
      "Gives this text to a poll, once: JSON, which may be malformed. An object without id gets one.",
    ),
};
const kinds = Object.keys(actionKinds);

/** The expected answers that each kind of action can have. */
const answers: Readonly<Record<string, readonly string[]>> = {
  "list-folder": ["files", "lacks", "missing"],
  "get-artifact": ["content", "text", "bytes", "sha256", "missing"],
  shell: ["content", "text", "stderr", "result"],
  "kill-process": [],
  composed: ["content", "text", "bytes", "headers"],
};
const ofShell = ["stdin", "tty"] as const;

const size = z.int({ error: "must be a number of bytes" }).min(0, "must be a number of bytes");
export const answerSchema = strictObject({
  files: z.array(z.string()).optional().describe("Absolute paths that the listing has; it may have others."),
  lacks: z.array(z.string()).optional().describe("Absolute paths that the listing does not have."),
  content: z.string().optional().describe("All of the file, of the shell's output, or of the reply's body."),
  text: z.string().optional().describe("A text in the file, in the shell's output, or in the reply's body."),
  bytes: size.optional().describe("The size of the file, or of the reply's body."),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hexadecimal")
    .optional()
    .describe("The digest of the file."),
  headers: z
    .record(z.string(), z.string(), { error: "must be an object of texts" })
    .optional()
    .describe("Headers that the reply to a composed action has; it may have others."),
  stderr: z.string().optional().describe("A text in the shell's error output."),
  missing: z.boolean().optional().describe("Whether there is no such file or folder. Default: false."),
  result: choice(["success", "failed"]).optional().describe("The shell's result. Default: success."),
  error: choice(["guest-no-answer", "guest-action-failed"])
    .optional()
    .describe("The error that the action ends with. Default: none."),
  within: secondsSchema.optional().describe("Seconds that the action takes at most."),
});

export const actionSchema = strictObject({
  ...z.object(actionKinds).partial().shape,
  stdin: z.string().optional().describe("The shell's input, after which it ends."),
  tty: z.boolean().optional().describe("Gives the shell a terminal. Default: false."),
  when: strictObject({
    log: z.string().min(1).optional().describe("When the task's log has this text."),
    after: secondsSchema
      .optional()
      .describe("This many seconds after that or, without log, after the guest tools' first request."),
  })
    .default({})
    .describe("The moment of the action. Default: the guest tools' first request."),
  expect: answerSchema.default({}).describe("The answer of the guest. Without it, the action must succeed."),
}).superRefine((action, context) => {
  const refuse = (path: string[], rule: string) => context.addIssue({ code: "custom", path, message: rule });
  const [kind, ...others] = kinds.filter((one) => one in action);
  if (kind === undefined || others.length > 0) return refuse([], `must have one of ${kinds.join(", ")}`);
  if (kind !== "shell")
    for (const key of ofShell.filter((one) => one in action)) refuse([key], "is for shell only");
  const known = [...(answers[kind] ?? []), "error", "within"];
  for (const key of Object.keys(action.expect).filter((one) => !known.includes(one)))
    refuse(["expect", key], `is not an answer to ${kind}, whose answers are ${known.join(", ")}`);
});

/** An action that a scenario asks the guest tools for, and the answer that it expects. */
export type ScenarioAction = Readonly<z.output<typeof actionSchema>>;
export type ActionInput = z.input<typeof actionSchema>;
