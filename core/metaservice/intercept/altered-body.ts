import type { Answer, MessageEdit } from "../../../shared/rules/rule.ts";

/** The body that an edit or an answer gives a message; undefined if it leaves the body alone. */
export function bodyOf({
  text,
  json,
  base64,
}: Pick<MessageEdit | Answer, "text" | "json" | "base64">): Buffer | undefined {
  if (text !== undefined) return Buffer.from(text);
  if (json !== undefined) return Buffer.from(JSON.stringify(json));
  return base64 === undefined ? undefined : Buffer.from(base64, "base64");
}
