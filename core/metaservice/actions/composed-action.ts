import { parseJson } from "../../../shared/text/parse-json.ts";

/** An action as a person has composed it, which may be malformed on purpose. */
export interface ComposedAction {
  /** By which a reply is told to be its. */
  readonly id: string;
  /** The body of the response to a poll. */
  readonly body: string;
}

/**
 * Gives an action that a person has composed an id, if it is an object without one. Any other text is sent as it is.
 *
 * @param id a free one
 */
export function composeAction(text: string, id: string): ComposedAction {
  const action = parseJson(text);
  if (typeof action !== "object" || action === null || Array.isArray(action)) return { id, body: text };
  if ("id" in action) return { id: `${action.id}`, body: text };
  return { id, body: JSON.stringify({ id, ...action }) };
}
