import { type ContractRouterClient, eventIterator, oc, type } from "@orpc/contract";
import { z } from "zod";
import { killOutcomeSchema } from "../guest/guest-action.ts";
import { folderListingSchema } from "../guest/guest-protocol.ts";
import { keyboardLayoutSchema } from "../machine/keyboard-layout.ts";
import { offChoices } from "../session/build.ts";
import { sessionAnswerSchema } from "../session/session-description.ts";
import type { SessionEvent } from "../session/session-event.ts";
import { maxTypedCharacters, virtualMachineStateSchema } from "../session/virtual-machine.ts";

const progressSchema = z.object({
  bytes: z.number(),
  /** Only when the guest sends it. */
  total: z.number().optional(),
});
/** How much of a file has come; it starts again from 0 when the guest is asked once more. */
export type ArtifactProgress = z.infer<typeof progressSchema>;

/**
 * The operations of a running session's process for other processes: the CLI, or the engine of a window.
 *
 * Every procedure may fail with an AppError (see api-calls.ts), and ends what it began when its caller aborts it or
 * is gone. Bytes go over channels of their own: see byte-channel.ts.
 */
export const sessionContract = {
  /** All but `describe` belongs to the stable core of shared/contracts/session-protocol.ts. */
  session: {
    describe: oc.output(sessionAnswerSchema),
    /**
     * The past events after the one of that number, or from the start; then new events as they happen. Many events
     * come in one message, since each message costs as much as many events.
     */
    events: oc
      .input(z.object({ after: z.number().int().nonnegative().optional() }))
      .output(eventIterator(type<readonly SessionEvent[]>())),
    /**
     * Ends the session in order: a second call changes nothing. With `force`, nothing is waited for any more; the end is
     * still recorded, and QEMU and the host's commands still end.
     */
    stop: oc.input(z.object({ force: z.boolean().default(false) })).output(z.void()),
  },
  build: {
    /** Chooses what to do with the disk of an installation by hand, whose guest is off. */
    choose: oc.input(z.object({ choice: z.enum(offChoices) })).output(z.void()),
    /** Sets whether the guest is kept when the build fails, so that a person can look into it. */
    keepFailed: oc.input(z.object({ isWanted: z.boolean() })).output(z.void()),
  },
  /** The virtual machine, while there is one. */
  machine: {
    /** The state of the virtual machine, now and after each change. */
    watch: oc.output(eventIterator(virtualMachineStateSchema)),
    /** Presses its power button, which the guest may not listen to. */
    powerOff: oc.output(z.void()),
    reset: oc.output(z.void()),
    /** Pauses the virtual machine, with its clocks and time-outs. */
    pause: oc.output(z.void()),
    resume: oc.output(z.void()),
    /** Sets its guest's clock by the host's, with guest tools that run as root; tells by how much it was behind. */
    setClock: oc.output(z.object({ behindSeconds: z.number() })),
    /** Forces it off: ends it at once, as a power failure would. */
    kill: oc.output(z.void()),
    /** Puts an ISO, or a folder as a data CD, into its CD drive, by an absolute path on the host of the session's process. */
    insertCd: oc.input(z.object({ path: z.string(), force: z.boolean().default(false) })).output(z.void()),
    /** Empties the CD drive; by force, if the guest has locked it. */
    ejectCd: oc.input(z.object({ force: z.boolean().default(false) })).output(z.void()),
    /** Saves a picture of its screen to a new file, named as in `insertCd`. */
    screenshot: oc.input(z.object({ target: z.string() })).output(z.void()),
    /** The layout of its keyboard. */
    layout: oc.output(keyboardLayoutSchema),
    /** Types a text by that layout; it settles when all of it is typed. */
    typeText: oc.input(z.object({ text: z.string().max(maxTypedCharacters) })).output(z.void()),
    /** Presses keys together, by QEMU's names for them, such as ctrl, alt and f2. */
    pressKeys: oc.input(z.object({ keys: z.array(z.string().regex(/^\w+$/)).min(1) })).output(z.void()),
  },
  serial: {
    /** Sends a break on the serial line, which Linux takes for the SysRq key. */
    sendBreak: oc.output(z.void()),
  },
  /** The actions that the guest tools can perform. */
  guest: {
    /** The plain files in a folder and below; a folder that is not there is an answer. */
    listFolder: oc.input(z.object({ path: z.string() })).output(folderListingSchema),
    /**
     * Copies a file of the guest's to a file named by an absolute path on the host of the session's process: a new one,
     * or also one that it replaces as a whole.
     */
    getArtifact: oc
      .input(z.object({ path: z.string(), target: z.string(), mayReplace: z.boolean().default(false) }))
      .output(eventIterator(progressSchema, z.object({ bytes: z.number() }))),
    /** Kills the task's processes, or the task that starts later. It fails when the task has ended. */
    killProcess: oc.output(killOutcomeSchema),
  },
};
export type SessionClient = ContractRouterClient<typeof sessionContract>;
