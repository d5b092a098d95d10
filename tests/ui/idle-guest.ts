import type { GuestScript } from "../../cli/support/test-guest.ts";

/** A guest without files, whose shells end at once. */
export const idleGuest = { files: {}, shell: async () => true };

/** A guest whose shells last until they are ended. */
export const idleShell: GuestScript = {
  files: {},
  shell: async ({ input }) => {
    for await (const _ of input);
    return true;
  },
};
