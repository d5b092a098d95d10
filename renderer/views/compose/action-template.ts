import { type GuestActionType, guestActionTypes } from "../../../shared/guest/guest-protocol.ts";
import { parseJson } from "../../../shared/text/parse-json.ts";

/** The keys of an action that the form shows, as far as its JSON has them in the right form. */
export interface ComposedFields {
  readonly type: string;
  readonly path: string;
  readonly command: string;
  readonly tty: boolean;
}

/** The JSON of an action of some type, which a person then fills in. */
export function templateOf(type: GuestActionType): string {
  const isShell = type === "exec-shell";
  const path = type === "list-folder" || type === "get-artifact" ? "/tmp" : "";
  return writeAction({ type, path, command: [], tty: isShell });
}

export function writeAction(action: object): string {
  return JSON.stringify(action, null, 2);
}

/** The fields of an action's JSON; undefined if that is not an object. */
export function fieldsOf(text: string): ComposedFields | undefined {
  const action = readAction(text);
  if (!action) return undefined;
  const { type, path, command, tty } = action;
  return {
    type: typeof type === "string" ? type : "",
    path: typeof path === "string" ? path : "",
    command: Array.isArray(command) ? command.join(" ") : "",
    tty: tty === true,
  };
}

/** The JSON of an action with another value of a key; all else stays. */
export function withField(text: string, key: "type" | "path" | "tty", value: unknown): string {
  return writeAction({ ...readAction(text), [key]: value });
}

/** Whether the guest tools know a type of actions. */
export function isKnownType(type: string): type is GuestActionType {
  return guestActionTypes.some((one) => one === type);
}

function readAction(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = parseJson(text);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
