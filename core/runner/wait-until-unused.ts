import type { LiveGuest } from "../session/live/live-guest.ts";

export interface AfterResultOptions {
  /** Waits until `over`, even if the guest is not used. */
  readonly keepAlive: boolean;
  readonly guest: LiveGuest;
  /** Settles when there is no guest to wait for, or nobody who would. */
  readonly over: Promise<unknown>;
  /** Takes notes for the person. */
  readonly onNote: (text: string) => void;
}

/** Waits, after a task's result, while somebody still needs the guest. */
export async function waitAfterResult({ keepAlive, guest, over, onNote }: AfterResultOptions): Promise<void> {
  if (keepAlive) return void (await over);
  if (guest.users() === 0) return;
  onNote("The guest keeps running until its open shells and actions have ended.");
  await Promise.race([over, guest.idle()]);
}
