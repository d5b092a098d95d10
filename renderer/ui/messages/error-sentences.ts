import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { capitalizeMessage } from "../../../shared/text/capitalize-message.ts";

/** An error in a line or two: the problem, and the advice. */
export function errorSentences({ message, advice }: ErrorData): string {
  return [`${capitalizeMessage(message)}.`, advice].filter(Boolean).join(" ");
}
