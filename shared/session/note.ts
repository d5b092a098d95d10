/** A note to the person about a build or run, such as a device that this QEMU lacks and its replacement. */
export interface Note {
  readonly text: string;
  /**
   * `deleted-sessions`: old sessions, or what they kept, were deleted, which a list of sessions shows too. `accelerator`:
   * why guests are emulated on this host, which a window shows once for all its sessions. `shutdown`: the guest was asked
   * to shut down, which is of no interest once it has.
   */
  readonly about?: "deleted-sessions" | "accelerator" | "shutdown" | undefined;
}

/** Whether a window shows it with the session: not what is the same for all sessions, which it shows once. */
export function isOfSession({ about }: Note): boolean {
  return about !== "accelerator";
}

/** Takes a note. */
export type OnNote = (text: string, about?: Note["about"]) => void;
