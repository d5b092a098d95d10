import { isUtf8 } from "node:buffer";
import { closeSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExchangeBody } from "../../../shared/guest/exchange.ts";
import { decodeShellMessage } from "../../../shared/guest/shell-codec.ts";
import type { ActionInput } from "../../../shared/scenario/scenario-action.ts";
import { openRegularFileSync } from "../../files/regular-file.ts";

/** The record of a shell's messages. */
interface ShellRecord {
  /** Of the guest's messages. */
  readonly request: ExchangeBody;
  /** Of the host's messages. */
  readonly reply: ExchangeBody;
}

/** The parts of a scenario's action that a shell has left in the record. */
export interface SavedShell {
  readonly action: Pick<ActionInput, "stdin" | "expect">;
  /** Why its input is left out, as the end of a sentence; absent if it is not. */
  readonly leftOut?: string;
}

/** @param folder the session's */
export function savedShell({ request, reply }: ShellRecord, folder: string): SavedShell {
  const expected = hasFailed(wholeBody(request, folder)) ? { expect: { result: "failed" as const } } : {};
  const input = inputIn(reply, folder);
  if (input === undefined) return { action: expected, leftOut: "the session has kept only a part of it" };
  if (!isUtf8(input)) return { action: expected, leftOut: "it is not text" };
  return { action: { ...(input.length > 0 && { stdin: input.toString() }), ...expected } };
}

/** The input in the host's messages; undefined unless all of them were kept. */
function inputIn(body: ExchangeBody, folder: string): Buffer | undefined {
  const bytes = wholeBody(body, folder);
  const { messages = [] } = body;
  if (!bytes || messages.reduce((sum, length) => sum + length, 0) !== bytes.length) return undefined;
  let start = 0;
  const input = messages.flatMap((length) => {
    const message = decodeShellMessage(bytes.subarray(start, start + length));
    start += length;
    return message?.type === "data" ? message.payload : [];
  });
  return Buffer.concat(input);
}

/** Whether a shell's last message is the exit of a command that has failed. */
function hasFailed(messages: Buffer | undefined): boolean {
  const exit = messages?.subarray(-2);
  return exit?.length === 2 && (exit[0] === 5 || exit[0] === 3) && exit[1] === 1;
}

/** A body, if all of it was kept. */
function wholeBody({ bytes, beginning, file }: ExchangeBody, folder: string): Buffer | undefined {
  const kept = file === undefined ? Buffer.from(beginning, "base64") : readKept(join(folder, file));
  return kept?.length === bytes ? kept : undefined;
}

function readKept(path: string): Buffer | undefined {
  try {
    const file = openRegularFileSync(path);
    try {
      return readFileSync(file);
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
