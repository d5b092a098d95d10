import { z } from "zod";
import { checkpointNameSchema } from "../checkpoint/checkpoint.ts";
import { choice, strictObject } from "../errors/schema-issues.ts";
import { limits } from "../limits.ts";
import { pathIssue } from "../text/path-limits.ts";
import { hasMatch, patternIssue } from "../text/pattern.ts";
import { keyNameSchema, keysTextSchema } from "./step-keys.ts";
import { describeTyped, partsOfTyped, typedTextSchema } from "./typed-text.ts";

const timeoutRule = `must be a number of seconds, above 0 and at most ${limits.timeout}`;
/** The tolerance of a region without one. */
export const defaultTolerance = 0.001;
const textRule = "must be the text to wait for, or {match: PATTERN}";

/** A regular expression that a step can wait for. */
export const waitPatternSchema = z
  .string({ error: "must be a regular expression" })
  .superRefine((source, context) => {
    const issue = patternIssue(source);
    if (issue !== undefined) context.addIssue(`must be a regular expression of RE2: ${issue}`);
    else if (hasMatch("", source)) context.addIssue("must not match an empty text");
  });

/** A text on a console, as it is or as a pattern. */
const expected = z.union(
  [
    z.string().min(1, "must be the text to wait for"),
    strictObject({
      match: waitPatternSchema.describe("A regular expression (RE2) for a part of the text."),
    }),
  ],
  {
    // The pattern's own issue says more than that neither fits.
    error: (issue) =>
      issue.code === "invalid_union" && issue.errors[1]?.[0]?.path[0] === "match"
        ? issue.errors[1][0].message
        : textRule,
  },
);

const file = z
  .string({ error: "must be a path, relative to the recipe's folder" })
  .superRefine((value, context) => {
    const message = pathIssue(value);
    if (message !== undefined) context.addIssue(message);
  });
const itself = z.literal(true, "must be true");
const pixelsRule = "must be two whole numbers of pixels, such as [20, 10]";
const sizeRule = `must be at most ${limits.screenPixels} pixels: no screen is larger`;
const pixels = z.int(pixelsRule).min(-limits.screenPixels, sizeRule).max(limits.screenPixels, sizeRule);
const toleranceRule = "must be a number from 0 to 1, such as 0.01";

/** The consoles of a guest. */
export const consoleSchema = choice(["serial", "screen"]);
export type ConsoleName = z.output<typeof consoleSchema>;

/** Exactly one of these is there, or `region` with `click`. */
const stepKinds = {
  wait: expected.describe(
    "Waits for this text on the console; power-off waits until the virtual machine is off.",
  ),
  screen: expected.describe("Waits for this text on the screen, whatever the console is."),
  region: file.describe("Waits until this picture, a PNG file, is anywhere on the screen."),
  click: z
    .tuple([pixels, pixels], { error: pixelsRule })
    .describe(
      "Clicks with the left mouse button: so many pixels to the right and down of the region's upper left corner, or of the screen's in a step without a region.",
    ),
  type: typedTextSchema.describe(
    "Types this line on the console and presses Return. A list has parts: texts, {secret: NAME} and {variable: NAME}.",
  ),
  keys: keysTextSchema.describe(
    "Types this text on the console as it is, with keys such as <tab>, <down> and <ret>. <lt> is a <.",
  ),
  press: z
    .array(keyNameSchema, { error: "must be a list of keys" })
    .min(1, "must have a key")
    .describe("Presses these keys of the virtual machine's keyboard together, such as [ctrl, alt, f2]."),
  insert: file.describe("Puts this ISO, or a data CD with this folder, into the CD drive."),
  eject: itself.describe("Empties the CD drive."),
  reset: itself.describe("Presses the virtual machine's reset button."),
  checkpoint: checkpointNameSchema.describe(
    "Makes a checkpoint of this name, to which you can go back while the build runs.",
  ),
};
export type StepKind = keyof typeof stepKinds;
const kinds = Object.keys(stepKinds) as readonly StepKind[];

/** A step of an installation. */
export const installStepSchema = strictObject(
  {
    ...z.object(stepKinds).partial().shape,
    timeout: z
      .number({ error: timeoutRule })
      .positive(timeoutRule)
      .max(limits.timeout, timeoutRule)
      .optional()
      .describe("Seconds of the guest's time after which a wait fails. Default: 120."),
    tolerance: z
      .number({ error: toleranceRule })
      .min(0, toleranceRule)
      .max(1, toleranceRule)
      .optional()
      .describe(
        `The part of a region's pixels that may look different. A pixel looks different if its red, green or blue differs by more than 16 of 255. Default: ${defaultTolerance}.`,
      ),
  },
  "must be a step, such as {wait: TEXT} or {type: LINE}",
).superRefine((step, context) => {
  const refuse = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
  const [kind, ...others] = kinds.filter((one) => one in step);
  const isClickInRegion = kind === "region" && others.join() === "click";
  if (kind === undefined || (others.length > 0 && !isClickInRegion))
    refuse([], `must have one of ${kinds.join(", ")}`);
  else if (step.timeout !== undefined && kind !== "wait" && kind !== "screen" && kind !== "region")
    refuse(["timeout"], "is for wait, screen and region only");
  else if (step.tolerance !== undefined && kind !== "region") refuse(["tolerance"], "is for region only");
  else if (kind === "click" && step.click?.some((place) => place < 0))
    refuse(
      ["click"],
      "must not be left of the screen or above it: only a click in a region has negative pixels",
    );
});

export type InstallStep = Readonly<z.output<typeof installStepSchema>>;

/** The step that ends an installation: nothing can follow it. */
export function waitsForPowerOff({ wait }: InstallStep): boolean {
  return wait === "power-off";
}

/** A step that waits for a text of a console, or for a picture on the screen, where it may click then. */
export function isWait({ wait, screen, region }: InstallStep): boolean {
  return (wait !== undefined && wait !== "power-off") || screen !== undefined || region !== undefined;
}

/** A step by which the guest gets something. */
export function isInput(step: InstallStep): boolean {
  return !isWait(step) || step.click !== undefined;
}

/** The kind of a step. */
export function kindOf(step: InstallStep): StepKind | undefined {
  return kinds.find((kind) => step[kind] !== undefined);
}

/** A step in a few words, as a list shows it: its kind, and that with which it is done. */
export function describeStep(step: InstallStep): { readonly kind: StepKind; readonly text: string } {
  const { wait, screen, region, click, type, keys, press, insert, checkpoint } = step;
  const kind = kindOf(step) ?? "wait";
  const expected = wait ?? screen;
  if (expected !== undefined)
    return { kind, text: typeof expected === "string" ? expected : `/${expected.match}/` };
  const place = click && `click at ${click.join(", ")}`;
  if (region !== undefined) return { kind, text: [region, ...(place ? [place] : [])].join(": ") };
  const text = type === undefined ? click?.join(", ") : describeTyped(type);
  return { kind, text: text ?? keys ?? press?.join("+") ?? insert ?? checkpoint ?? "" };
}

/** The names of the secrets or of the variables that steps use, each once. */
export function namesIn(steps: readonly InstallStep[], kind: "secret" | "variable"): readonly string[] {
  const parts = steps.flatMap(({ type }) => (type === undefined ? [] : partsOfTyped(type)));
  const names = parts.flatMap((part) => {
    if (typeof part === "string") return [];
    if ("secret" in part) return kind === "secret" ? [part.secret] : [];
    return kind === "variable" ? [part.variable] : [];
  });
  return [...new Set(names)];
}
