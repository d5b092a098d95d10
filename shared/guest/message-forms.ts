import { z } from "zod";
import { choice, strictObject } from "../errors/schema-issues.ts";
import { errorCodes, fileNotFound, guestActionTypes, guestErrorHeader } from "./guest-protocol.ts";

/** The body that a message must have by docs/protocol.md: stricter than what readers accept. */
export interface MessageForm {
  /** Describes the body, in a sentence for a person who edits it. */
  readonly help: string;
  /** Of a body that is JSON. */
  readonly schema?: z.ZodObject;
}

/** The facts about a message that decide about its body. */
export interface FormedMessage {
  /** `guest`: a request; `host`: a response. A shell's messages have both. */
  readonly from: "guest" | "host";
  readonly endpoint: string;
  /** The action that a response to poll gives, or that a request to reply answers. */
  readonly action?: string | undefined;
  readonly status?: number | undefined;
  /** The type of a shell's message. */
  readonly message?: string | undefined;
}

const text = z.string({ error: "must be a text" });
const texts = z.array(text, { error: "must be a list of texts" });
const flag = z.boolean({ error: "must be true or false" });

const task = strictObject({
  env: z
    .record(z.string(), text, { error: "must be an object of texts" })
    .describe("Environment variables, added to those of the guest tools."),
  command: texts.describe("The program and its arguments."),
  tty: flag.optional().describe("false: the task gets no terminal."),
});

/** The keys of an action, without the id that it has on its way. */
const actionKeys = {
  type: choice([...guestActionTypes, "none"]).describe("The action; none: there is nothing to do."),
  path: text.describe("For get-artifact and list-folder; else empty."),
  command: texts.describe("For exec-shell: the program and its arguments; empty for the default shell."),
  tty: flag.describe("For exec-shell: whether the command gets a terminal."),
};

/** An action as a person composes it: without an id, it gets one. */
export const composedActionSchema = strictObject({
  id: text.optional().describe("The id with which the guest tools reply; without it, Tinsmith adds one."),
  ...actionKeys,
});

/** An action as the guest tools must get it. */
const action = strictObject({
  id: text
    .regex(/^[\w-]{22}$/, "must have 22 characters of A-Z, a-z, 0-9, - and _")
    .describe("The id with which the guest tools reply."),
  ...actionKeys,
});

const listing = strictObject({
  files: texts.describe("The absolute paths of all plain files in the folder and below."),
  notFound: flag.describe("Whether there is no such folder."),
});

const errorReply = strictObject({
  code: choice(errorCodes).describe("The stable name of the error."),
  message: text.describe("A text for a person."),
});

const noBody: MessageForm = { help: "This message has no body." };

/** The form of the body that a message must have; undefined where the protocol says nothing about it. */
export function formOf(message: FormedMessage): MessageForm | undefined {
  if (message.message !== undefined) return shellForm(message.message);
  return message.from === "guest" ? requestForm(message) : responseForm(message);
}

function requestForm({ endpoint, action: answered }: FormedMessage): MessageForm | undefined {
  if (endpoint === "log") return { help: "The task's output, byte for byte." };
  if (endpoint === "other") return undefined;
  if (endpoint !== "reply") return noBody;
  if (answered === "list-folder") return { help: "The guest's answer to list-folder.", schema: listing };
  if (answered === "get-artifact")
    return {
      help: `The bytes of the file. Without such a file: no body, and the header ${guestErrorHeader}: ${fileNotFound}.`,
    };
  return answered === "kill-process" ? noBody : undefined;
}

function responseForm({ endpoint, status = 200 }: FormedMessage): MessageForm | undefined {
  if (status >= 400) return { help: "The body of each error response.", schema: errorReply };
  if (endpoint === "execute") return { help: "The task for the guest tools.", schema: task };
  if (endpoint === "poll") return { help: "An action for the guest tools.", schema: action };
  return endpoint === "other" ? undefined : noBody;
}

const shellForms: Readonly<Record<string, string>> = {
  data: "The bytes of the stream; no bytes end it.",
  ack: "01, the stream (00 stdin, 01 stdout, 02 stderr), and the number of consumed bytes in 4 bytes.",
  size: "03, then the columns and the rows of the terminal in 2 bytes each.",
  abort: "04 alone.",
  exit: "05, then 00 for success or 01 for failure.",
  ping: "Up to 125 bytes, which the pong repeats.",
  pong: "The bytes of the ping.",
};

function shellForm(type: string): MessageForm | undefined {
  const help = shellForms[type];
  return help === undefined ? undefined : { help };
}
