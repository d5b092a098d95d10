import type { ComposedReply, KillOutcome, ShellPurpose } from "../../../shared/guest/guest-action.ts";
import type { FolderListing } from "../../../shared/guest/guest-protocol.ts";
import type { RepeatedRequest } from "../../../shared/guest/repeated-request.ts";

/**
 * The actions that the guest tools can perform. All may be called at once and often. A signal that aborts ends the
 * action with the signal's reason.
 *
 * All of them reject with AppError `guest-no-answer` when the guest did not take the action, or did not begin to
 * answer; `guest-action-failed` when its answers made no sense or broke off.
 */
export interface GuestActions {
  /** Lists the plain files in a folder and below. A folder that is not there is an answer, not an error. */
  listFolder(path: string, options?: ActionOptions): Promise<FolderListing>;
  /**
   * Copies a file of the guest's to a new file on this host, which is whole or absent.
   *
   * @returns its size in bytes.
   * @throws AppError `guest-file-missing`; `file-exists`, when the target already exists; `no-space`.
   */
  getArtifact(path: string, target: string, options?: ArtifactOptions): Promise<{ readonly bytes: number }>;
  /**
   * Kills the task's processes, or the task that starts later. Returns when the guest has begun to.
   *
   * @throws AppError `guest-action-failed`, without asking the guest, when the task has ended.
   */
  killProcess(options?: ActionOptions): Promise<KillOutcome>;
  /** Gives the guest tools an action as a person has written it, once, and gives their reply, whatever it is. */
  performComposed(text: string, options?: ActionOptions): Promise<ComposedReply>;
  /** Sends a request of the guest tools to the MetaService again, and gives the status of the response. */
  repeatRequest(request: RepeatedRequest, options?: ActionOptions): Promise<{ readonly status: number }>;
  /** Starts a command, or the guest's shell when the command is empty, for a person to talk to. */
  openShell(request: ShellRequest, options: ShellOptions): Promise<GuestShell>;
}

export interface ActionOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface ArtifactOptions extends ActionOptions {
  /** Whether the file may take the place of one that is there. */
  readonly mayReplace?: boolean | undefined;
  /** Called as bytes come; `total` is known when the guest tells it. A new try starts again from 0. */
  readonly onProgress?:
    | ((progress: { readonly bytes: number; readonly total?: number | undefined }) => void)
    | undefined;
}

export interface ShellRequest {
  readonly command: readonly string[];
  readonly tty: boolean;
}

export interface ShellOptions extends ActionOptions {
  /** No rule applies to it: it is Tinsmith's own. */
  readonly isFreeOfRules?: boolean | undefined;
  /** Why Tinsmith itself asks for it; absent if a person does. */
  readonly purpose?: ShellPurpose | undefined;
  /** Its command kills the guest tools, whose end cuts off the shell: that is its success. */
  readonly isCutAtEnd?: boolean | undefined;
  /** Takes each message of the guest's (see shared/guest/shell-codec.ts); all of them have been checked. */
  readonly receive: (message: Uint8Array) => void;
}

/**
 * A shell in the guest, as the messages that its two ends exchange. The opener acknowledges the bytes that it
 * consumed; the windows of both directions are enforced here. The signal that it was opened with kills it.
 */
export interface GuestShell {
  /** Sends a message to the guest. @throws AppError `guest-action-failed` for one that makes no sense */
  send(message: Uint8Array): void;
  /** Settles after the last message was received. Rejects with `guest-action-failed` when the guest was cut off. */
  readonly ended: Promise<{ readonly success: boolean }>;
}
