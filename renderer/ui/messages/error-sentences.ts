import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { capitalizeMessage } from "../../../shared/text/capitalize-message.ts";

/** An error where there is room for a line or two: what is wrong, and what to do. */
export function errorSentences({ message, advice }: ErrorData): string {
  return [`${capitalizeMessage(message)}.`, advice].filter(Boolean).join(" ");
}
