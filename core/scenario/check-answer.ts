import { describeAnswer, describeScenarioAction } from "../../shared/scenario/describe-action.ts";
import type { ScenarioAction } from "../../shared/scenario/scenario-action.ts";
import type { Check } from "../../shared/scenario/scenario-event.ts";
import { excerpt } from "../../shared/text/excerpt.ts";
import { formatCount, formatDuration } from "../../shared/text/format.ts";
import { digestText } from "../files/digest.ts";
import type { SeenAnswer } from "./perform-action.ts";

/**
 * Compares the answer to an action with the one that its scenario expects.
 *
 * @param took milliseconds
 * @param at the end of the action, in milliseconds since the epoch
 */
export function checkAnswer(action: ScenarioAction, answer: SeenAnswer, took: number, at: number): Check {
  const { within } = action.expect;
  const isLate = within !== undefined && took > within * 1000;
  return {
    expectation: `${describeScenarioAction(action)} ${describeAnswer(action)}`,
    passed: fits(action, answer) && !isLate,
    seen: `${describeSeen(answer)}, after ${formatDuration(took)}`,
    at,
  };
}

function fits({ expect, shell }: ScenarioAction, answer: SeenAnswer): boolean {
  if (expect.error !== undefined || answer.error) return answer.error?.code === expect.error;
  const {
    files,
    lacks,
    content,
    text,
    bytes,
    sha256,
    headers = {},
    stderr,
    missing = false,
    result,
  } = expect;
  const seen = answer.content ?? Buffer.alloc(0);
  return [
    missing === (answer.missing ?? false),
    files === undefined || files.every((file) => answer.files?.includes(file)),
    lacks === undefined || !lacks.some((file) => answer.files?.includes(file)),
    content === undefined || seen.equals(Buffer.from(content)),
    text === undefined || seen.includes(text),
    bytes === undefined || seen.length === bytes,
    sha256 === undefined || digestText(seen) === sha256,
    Object.entries(headers).every(([name, value]) => headerIn(answer, name) === value),
    stderr === undefined || answer.stderr?.includes(stderr) === true,
    shell === undefined || answer.result === (result ?? "success"),
  ].every(Boolean);
}

function headerIn({ headers = [] }: SeenAnswer, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted.toLowerCase())?.[1];
}

function describeSeen({ files, content, headers, stderr, missing, result, error }: SeenAnswer): string {
  if (error) return error.message;
  if (missing) return "nothing is there";
  const parts = [
    files &&
      `${formatCount(files.length, "file")}${files.length > 0 ? `: ${excerpt(files.slice(0, 5).join(", "), 200)}` : ""}`,
    content &&
      `${formatCount(content.length, "byte")}${content.length > 0 ? `: ${JSON.stringify(excerpt(content.toString(), 200))}` : ""}`,
    headers && `the headers ${excerpt(headers.map((header) => header.join(": ")).join(", "), 200)}`,
    stderr && `the error output ${JSON.stringify(excerpt(stderr, 200))}`,
    result,
  ].filter(Boolean);
  return parts.length === 0 ? "it succeeded" : parts.join(", ");
}
