import { type ContractRouterClient, eventIterator, oc, type } from "@orpc/contract";
import { z } from "zod";
import { checkpointNameSchema, checkpointSchema } from "../checkpoint/checkpoint.ts";
import { composedReplySchema, killOutcomeSchema, maximumComposedAction } from "../guest/guest-action.ts";
import { folderListingSchema } from "../guest/guest-protocol.ts";
import { repeatedRequestSchema } from "../guest/repeated-request.ts";
import { keyboardLayoutSchema } from "../machine/keyboard-layout.ts";
import { installStepSchema } from "../recipe/install-step.ts";
import { keyNameSchema } from "../recipe/step-keys.ts";
import { type RecordedScript, recordingEditSchema } from "../recorder/recorded-step.ts";
import { type HeldState, releaseSchema } from "../rules/held-message.ts";
import type { RuleList } from "../rules/rule-list.ts";
import { rulesSchema } from "../rules/rules-file.ts";
import { screenTextSchema } from "../screen/screen-text.ts";
import { offChoices } from "../session/build.ts";
import { sessionAnswerSchema } from "../session/session-description.ts";
import type { SessionEvent } from "../session/session-event.ts";
import { maxTypedCharacters, virtualMachineStateSchema } from "../session/virtual-machine.ts";

/** Base64 of the largest part of an upload; a call has at most 1 MiB. */
const maxPartCharacters = 512 * 1024;

const progressSchema = z.object({
  bytes: z.number(),
  /** Only when the guest sends it. */
  total: z.number().optional(),
});
/** How much of a file was copied; it starts again from 0 when the guest is asked for a file once more. */
export type CopyProgress = z.infer<typeof progressSchema>;

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
     * come in one message, since each message costs as much as many events. With `asText`, they come as the text of a JSON
     * array, which is read and written much faster; sessions of older versions do not know it.
     */
    events: oc
      .input(z.object({ after: z.number().int().nonnegative().optional(), asText: z.boolean().optional() }))
      .output(eventIterator(type<readonly SessionEvent[] | string>())),
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
  /** The install steps of a build, while they can be done. Its events tell how they end. */
  install: {
    /** Pauses before the next step. */
    pause: oc.output(z.void()),
    run: oc.output(z.void()),
    /** Does the next step alone. */
    step: oc.output(z.void()),
    /** Does the steps from this one on, counted from 0. */
    runFrom: oc.input(z.object({ index: z.int().nonnegative() })).output(z.void()),
    /** Changes a step that is not being done, also in the recipe or steps file that has it. */
    change: oc.input(z.object({ index: z.int().nonnegative(), step: installStepSchema })).output(z.void()),
    /** Lets the build fail with the error of the wait that has failed. */
    giveUp: oc.output(z.void()),
    /** The last line of the console on which the steps wait. While a client reads this, a wait that fails waits for a person. */
    watch: oc.output(eventIterator(z.string())),
  },
  watch: {
    /** Begins another round of a watch; the one under way is cancelled. */
    force: oc.output(z.void()),
  },
  /** The recording of an installation by hand, while a person can work on it. */
  recording: {
    /** The steps that Tinsmith proposes for a recipe, now and after each change. */
    watch: oc.output(eventIterator(type<RecordedScript>())),
    /** Changes a proposed step. */
    change: oc.input(recordingEditSchema).output(z.void()),
    /** Writes the proposed steps to a new steps file, named by an absolute path on the host of the session's process. */
    save: oc.input(z.object({ target: z.string() })).output(z.void()),
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
    /** Keeps the present moment of its disk, memory and devices, until it ends or `deleteCheckpoint`. */
    makeCheckpoint: oc.input(z.object({ name: checkpointNameSchema })).output(checkpointSchema),
    /** Goes back to a checkpoint, with the host's view of the guest. It ends all that is open between guest and host. */
    goBack: oc.input(z.object({ name: z.string() })).output(z.void()),
    /** Keeps a checkpoint after its end: see `runPlan`. The notes say what was deleted for it, and more. */
    keepCheckpoint: oc.input(z.object({ name: z.string() })).output(z.object({ notes: z.array(z.string()) })),
    renameCheckpoint: oc
      .input(z.object({ name: z.string(), newName: checkpointNameSchema }))
      .output(z.void()),
    deleteCheckpoint: oc.input(z.object({ name: z.string() })).output(z.void()),
    /** Forces it off: ends it at once, as a power failure would. */
    kill: oc.output(z.void()),
    /** Puts an ISO, or a folder as a data CD, into its CD drive, by an absolute path on the host of the session's process. */
    insertCd: oc.input(z.object({ path: z.string(), force: z.boolean().default(false) })).output(z.void()),
    /** Puts a data CD with these files and folders into its CD drive, named as in `insertCd`. */
    insertFiles: oc
      .input(z.object({ paths: z.array(z.string()).min(1), force: z.boolean().default(false) }))
      .output(z.void()),
    /**
     * Uploads a part of the files for a data CD, from a window that does not know their paths: the next bytes of a file, in
     * base64, or a folder. The parts of an upload come one after another.
     */
    uploadForCd: oc
      .input(
        z.object({ upload: z.uuid(), path: z.string(), bytes: z.base64().max(maxPartCharacters).optional() }),
      )
      .output(z.void()),
    /** Puts a data CD with the files of an upload into its CD drive. */
    insertUpload: oc
      .input(z.object({ upload: z.uuid(), force: z.boolean().default(false) }))
      .output(z.void()),
    /** Empties the CD drive; by force, if the guest has locked it. */
    ejectCd: oc.input(z.object({ force: z.boolean().default(false) })).output(z.void()),
    /** Saves a picture of its screen to a new file, named as in `insertCd`. */
    screenshot: oc.input(z.object({ target: z.string() })).output(z.void()),
    /** The text on its screen. */
    screenText: oc.output(screenTextSchema),
    /** Records all packets of its network in a new pcap file, named as in `insertCd`. */
    recordNetwork: oc.input(z.object({ target: z.string() })).output(z.void()),
    stopRecordingNetwork: oc.output(z.void()),
    /** The layout of its keyboard. */
    layout: oc.output(keyboardLayoutSchema),
    /** Types a text by that layout; it settles when all of it is typed. */
    typeText: oc.input(z.object({ text: z.string().max(maxTypedCharacters) })).output(z.void()),
    /** Presses keys together, by QEMU's names for them, such as ctrl, alt and f2. */
    pressKeys: oc.input(z.object({ keys: z.array(keyNameSchema).min(1) })).output(z.void()),
  },
  serial: {
    /** Sends a break on the serial line, which Linux takes for the SysRq key. */
    sendBreak: oc.output(z.void()),
  },
  /** The rules for the messages between the guest and the MetaService. */
  rules: {
    /** All rules, with their use until now. */
    list: oc.output(type<RuleList>()),
    /** Adds rules behind those that are there: all of them, or none. */
    add: oc.input(z.object({ rules: rulesSchema })).output(z.void()),
    /** Removes one or several rules, and releases what they hold: all of them, or none. */
    remove: oc.input(z.object({ name: z.union([z.string(), z.array(z.string())]) })).output(z.void()),
    /** Lets a rule apply to as many messages again as it did at first; it keeps what it holds. */
    arm: oc.input(z.object({ name: z.string() })).output(z.void()),
    /** The messages that breakpoints hold, now and after each change. A client that reads this counts as a window. */
    watchHeld: oc.output(eventIterator(type<HeldState>())),
    /** The body of a held message, in base64: all of it if it can be edited, else its beginning. */
    heldBody: oc.input(z.object({ held: z.int() })).output(z.object({ body: z.string() })),
    /** Sets whether the virtual machine runs while messages are held; else it is paused. */
    letRun: oc.input(z.object({ isWanted: z.boolean() })).output(z.void()),
    /** Releases a held message. */
    release: oc.input(z.object({ held: z.int(), request: releaseSchema })).output(z.void()),
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
    /**
     * Puts a file or folder into the guest, where a path leads: both absolute, the source on the host of the session's
     * process. A folder that exists gets it under its own name.
     */
    putFile: oc
      .input(z.object({ source: z.string(), path: z.string() }))
      .output(eventIterator(progressSchema, z.object({ path: z.string(), bytes: z.number() }))),
    /** Restarts the guest tools after their files were replaced, and waits until the new ones answer. */
    restartTools: oc.output(z.void()),
    /** Gives the guest tools an action as it is written, and waits for their reply. */
    performComposed: oc
      .input(z.object({ text: z.string().max(maximumComposedAction) }))
      .output(composedReplySchema),
    /** Sends a request of the guest tools to the MetaService again, and waits for the response. */
    repeatRequest: oc.input(repeatedRequestSchema).output(z.object({ status: z.number() })),
    /** Kills the task's processes, or the task that starts later. It fails when the task has ended. */
    killProcess: oc.output(killOutcomeSchema),
  },
};
export type SessionClient = ContractRouterClient<typeof sessionContract>;
