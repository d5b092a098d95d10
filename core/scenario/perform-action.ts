import { readFileSync, rmSync } from "node:fs";
import { type AppError, toAppError } from "../../shared/errors/errors.ts";
import type { ExchangeHeaders } from "../../shared/guest/exchange.ts";
import type { ScenarioAction } from "../../shared/scenario/scenario-action.ts";
import type { GuestActions } from "../metaservice/actions/guest-actions.ts";
import { type RunInShellOptions, runInShell } from "./run-in-shell.ts";

/** The answer of a guest to an action. */
export interface SeenAnswer {
  readonly files?: readonly string[];
  /** Of a file, or a shell's output. */
  readonly content?: Buffer;
  /** Of a reply to a composed action. */
  readonly headers?: ExchangeHeaders;
  readonly stderr?: string;
  /** There is no such file or folder. */
  readonly missing?: boolean;
  readonly result?: "success" | "failed";
  readonly error?: AppError;
}

interface PerformOptions extends RunInShellOptions {
  /** A path on this host for a file of the guest's; nothing is there after that. */
  readonly file: string;
}

/**
 * Asks the guest for an action of a scenario. An error of the action is an answer, too.
 *
 * @throws the signal's reason
 */
export async function performAction(
  action: ScenarioAction,
  guest: GuestActions,
  options: PerformOptions,
): Promise<SeenAnswer> {
  const { file, signal } = options;
  try {
    return await perform(action, guest, options);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (signal.aborted) return { error: toAppError(signal.reason) };
    return error.code === "guest-file-missing" ? { missing: true } : { error };
  } finally {
    rmSync(file, { force: true });
  }
}

async function perform(
  action: ScenarioAction,
  guest: GuestActions,
  options: PerformOptions,
): Promise<SeenAnswer> {
  const { file, signal } = options;
  const { "list-folder": folder, "get-artifact": artifact, shell, composed } = action;
  if (folder !== undefined) {
    const { files, notFound } = await guest.listFolder(folder, { signal });
    return { files, missing: notFound };
  }
  if (artifact !== undefined) {
    await guest.getArtifact(artifact, file, { signal });
    return { content: readFileSync(file) };
  }
  if (shell !== undefined) {
    const { stdin = "", tty = false } = action;
    return await runInShell(guest, { command: shell, tty, stdin }, options);
  }
  if (composed !== undefined) {
    const { headers, body } = await guest.performComposed(composed, { signal });
    return { headers, content: Buffer.from(body, "base64") };
  }
  await guest.killProcess({ signal });
  return {};
}
