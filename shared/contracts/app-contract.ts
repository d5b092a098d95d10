import { eventIterator, oc, type } from "@orpc/contract";
import { z } from "zod";
import { keptCrashSchema, windowErrorSchema } from "../app/crash-report.ts";
import { exportContentSchema, optionalPartSchema } from "../app/export.ts";
import { findingSchema, hostStatusSchema, versionsSchema } from "../app/host.ts";
import { openedPathSchema } from "../app/opened-path.ts";
import { pathKinds } from "../app/path-kind.ts";
import { commandLineSchema } from "../app/qemu-command.ts";
import { currentSettingsSchema, settingsChangeSchema, settingsSchema } from "../app/settings.ts";
import { windowStateSchema } from "../app/window-state.ts";
import { cacheEntrySchema, cacheKinds } from "../cache/cache.ts";
import { keptCheckpointSchema } from "../checkpoint/checkpoint.ts";
import type { ImageArchive } from "../library/image-archive.ts";
import { isoFactsSchema } from "../library/iso-facts.ts";
import { imageKinds, librarySchema, templateSchema } from "../library/library.ts";
import { fileContentSchema } from "../library/set-file.ts";
import { chosenIsoSchema } from "../recipe/recipe.ts";
import type { SavedScenario } from "../scenario/saved-scenario.ts";
import { upToDateArchiveSchema } from "../session/build.ts";
import type { SessionComparison } from "../session/session-comparison.ts";
import { sessionSummarySchema } from "../session/session-summary.ts";
import { contentsContract } from "./contents-contract.ts";

const path = z.object({ path: z.string() });
const session = z.object({ session: z.string() });
const nothing = z.void();

const installOptionsSchema = z.object({
  /** The image set. */
  folder: z.string(),
  iso: chosenIsoSchema.optional(),
  /** The title or number of the boot entry of that ISO whose kernel is booted in its place. Null boots the CD. */
  bootEntry: z.string().nullable().optional(),
  /** The path of a file with install steps, which are done in place of a person's. */
  steps: z.string().optional(),
  /** The path of a machine definition. */
  machine: z.string(),
  /** Size of the disk in GiB. */
  size: z.number(),
  /** MiB. */
  memory: z.number().optional(),
  /** Values of secrets of those steps, which are never stored. */
  secrets: z.record(z.string(), z.string()).optional(),
});
/** The choices of a person for an installation by hand, or by the steps of a file. */
export type InstallOptions = z.infer<typeof installOptionsSchema>;

/** Whether the rules of the image set's rules.yaml apply to the session. @throws AppError `invalid-rules` */
const withRules = z.boolean().default(false);

/** The digest that a person has accepted: an archive that was not made here is booted with this digest only. */
const accepted = z.string().optional();

const rebuildChoicesSchema = z.object({
  folder: z.string(),
  image: z.enum(imageKinds),
  memory: z.number().optional(),
  /** The failed session to resume from, where that is sound. */
  retry: z.string().optional(),
  withRules,
  /** Builds also an image that is up to date. */
  force: z.boolean().default(false),
  /** For the setup image that a worker image is built from. */
  accepted,
  /** Values of secrets of the install steps, which are never stored. */
  secrets: z.record(z.string(), z.string()).optional(),
});
/** The choices of a person for a rebuild. */
export type RebuildChoices = z.infer<typeof rebuildChoicesSchema>;

const runChoicesSchema = z.object({
  archive: z.string(),
  command: z.array(z.string()).min(1),
  env: z.record(z.string(), z.string()).default({}),
  keepAlive: z.boolean(),
  /** False for a command without a terminal. */
  tty: z.boolean().optional(),
  /** Seconds. */
  timeout: z.number().positive().optional(),
  /** MiB; by default the machine definition's. */
  memory: z.number().int().positive().optional(),
  /** Ports of localhost that lead to ports of the guest. */
  forward: z.array(z.object({ host: z.number(), guest: z.number() })).optional(),
  /** A new file for all packets of the guest's network. */
  pcap: z.string().optional(),
  /** Whether it boots also if there is a saved state of the image. */
  boots: z.boolean().optional(),
  withRules,
  accepted,
});
/** The choices of a person for a run. */
export type RunChoices = z.infer<typeof runChoicesSchema>;

const scenarioChoicesSchema = z.object({
  /** The image set. */
  folder: z.string(),
  /** Its scenario files that are run, one after another. */
  files: z.array(z.string()).min(1),
  accepted,
});
/** The choices of a person who runs scenarios. */
export type ScenarioChoices = z.infer<typeof scenarioChoicesSchema>;

const watchChoicesSchema = z.object({
  /** The image set. */
  folder: z.string(),
  /** The command of each check, for a shell of the guest; without it and scenarios, an empty one. */
  command: z.string().min(1).optional(),
  /** Its scenario files that each check runs. */
  scenarios: z.array(z.string()).min(1).optional(),
  /** For the setup image that the worker image is rebuilt from. */
  accepted,
});
/** The choices of a person who watches an image set. */
export type WatchChoices = z.infer<typeof watchChoicesSchema>;

const archiveExaminationSchema = z.object({
  /** SHA-256, in hexadecimal. */
  digest: z.string(),
  /** Absent for an archive that was made here. */
  warning: z.string().optional(),
});
/** The result of examining an archive before it is booted. */
export type ArchiveExamination = z.infer<typeof archiveExaminationSchema>;

/** A file or folder on the host. */
export interface FolderEntry {
  /** Absolute. */
  readonly path: string;
  readonly isFolder: boolean;
}

/**
 * The operations of the app for its window, over any transport: procedures, and streams that begin with a snapshot of
 * the current state and send another one at each change. Operations on one session are in that session's own
 * contract. Every procedure may fail with an AppError.
 */
export const appContract = {
  about: oc.output(versionsSchema),
  host: {
    watch: oc.output(eventIterator(hostStatusSchema)),
    /** Examines everything that builds and runs need; `retry` tries KVM again. */
    examine: oc.input(z.object({ retry: z.boolean() })).output(z.array(findingSchema)),
    /** Finds the kind of the target of a path that a person opens. */
    identifyPath: oc.input(path).output(openedPathSchema),
    /** Refuses a path that a person has typed when it does not lead to a thing of one of the wanted kinds. */
    checkPath: oc.input(path.extend({ wanted: z.array(z.enum(pathKinds)) })).output(nothing),
    /** Completions of a path that is being typed; a relative one begins at the user's home. */
    completePath: oc.input(path).output(type<readonly FolderEntry[]>()),
    /** Tells all that is known of an ISO without booting it. @throws AppError `usage` if it is not one */
    describeIso: oc.input(path).output(isoFactsSchema),
    /** Lists all that Tinsmith keeps and can make again. */
    cache: oc.output(z.array(cacheEntrySchema)),
    /** Deletes the entries of these kinds that no process uses. */
    clearCache: oc
      .input(z.object({ kinds: z.array(z.enum(cacheKinds)) }))
      .output(z.object({ deleted: z.array(cacheEntrySchema), kept: z.array(cacheEntrySchema) })),
  },
  settings: {
    watch: oc.output(eventIterator(currentSettingsSchema)),
    change: oc.input(settingsChangeSchema).output(settingsSchema),
  },
  /** The window's state, kept from one start to the next. */
  windowState: {
    read: oc.output(windowStateSchema),
    /** Changes the keys that are given: see `changeWindowState`. */
    change: oc.input(windowStateSchema).output(nothing),
  },
  library: {
    watch: oc.output(eventIterator(librarySchema)),
    /** Makes a folder with a recipe in the first workspace. */
    createSet: oc
      .input(z.object({ name: z.string(), template: templateSchema }))
      .output(z.object({ folder: z.string() })),
    /** Reads a whole archive, and describes its content. */
    inspectArchive: oc.input(path).output(type<ImageArchive>()),
    openArchive: oc.input(path).output(nothing),
    /** Removes an imported archive from the library; the file stays. */
    forgetArchive: oc.input(path).output(nothing),
    /** Deletes an archive's file. */
    deleteArchive: oc.input(path).output(z.object({ freedBytes: z.number() })),
  },
  builds: {
    /**
     * Starts a rebuild, unless the image is up to date; `setup` is built first where a worker needs it.
     *
     * @throws AppError `not-trusted`; `secrets-missing`, whose details are the names of the secrets of the install steps
     */
    start: oc
      .input(rebuildChoicesSchema)
      .output(z.union([session, z.object({ upToDate: upToDateArchiveSchema })])),
    /**
     * Boots an ISO, the recipe's unless one is given, for a person who installs the setup image by hand, or for the steps of a file.
     *
     * @throws AppError `secrets-missing`, whose details are the names of the secrets of those steps
     */
    install: oc.input(installOptionsSchema).output(session),
  },
  runs: {
    start: oc.input(runChoicesSchema).output(session),
    /** Runs scenarios on the set's worker image. @returns the session of the first one; the others follow */
    startScenarios: oc.input(scenarioChoicesSchema).output(session),
    /** Watches the sources of an image set's worker image. */
    watch: oc.input(watchChoicesSchema).output(session),
    /** Reads an archive, and gives the warning that a person has to accept before it is booted. */
    examine: oc.input(path).output(archiveExaminationSchema),
  },
  /** Checkpoints that are kept after their sessions. */
  keptCheckpoints: {
    /** Newest first. */
    watch: oc.output(eventIterator(z.array(keptCheckpointSchema))),
    /** Starts a run that continues from one. @throws AppError `usage` if there is none of that name */
    start: oc.input(z.object({ name: z.string() })).output(session),
    /** @throws AppError `busy` while a session starts from it */
    delete: oc.input(z.object({ name: z.string() })).output(nothing),
  },
  sessions: {
    /** Newest first. */
    watch: oc.output(eventIterator(z.array(sessionSummarySchema))),
    /**
     * The address of a file that a session left, for the window to load at once: it may work once only. It is absent
     * when there is no such file.
     */
    fileAddress: oc
      .input(z.object({ session: z.string(), name: z.string() }))
      .output(z.object({ address: z.string().optional() })),
    /**
     * Builds guest tools, by the recipe in the folder of the session's image, and puts them into its guest in place of the
     * running ones. Tells each step, as a sentence.
     */
    replaceTools: oc.input(session).output(eventIterator(z.string(), nothing)),
    /** Asks a running session to end, as its own `session.stop` does. */
    stop: oc.input(session.extend({ force: z.boolean().default(false) })).output(nothing),
    delete: oc.input(session).output(z.object({ freedBytes: z.number() })),
    /** Makes a scenario of a run, as far as it has come, and writes no file. @throws AppError `usage` for a build */
    scenario: oc.input(session.extend({ name: z.string().optional() })).output(type<SavedScenario>()),
    /** Compares the exchanges of two sessions, as far as they have come; with polls, also those that gave no action. */
    compare: oc
      .input(z.object({ first: z.string(), second: z.string(), polls: z.boolean().default(false) }))
      .output(type<SessionComparison>()),
  },
  /** Reports of errors that nobody caught. */
  crashes: {
    /** Those that were not dismissed yet, the newest first. */
    watch: oc.output(eventIterator(z.array(keptCrashSchema))),
    /** Keeps the report of an error in a part of the window that is shown without it. */
    report: oc.input(windowErrorSchema).output(nothing),
    /** A person has seen it; the report stays. */
    dismiss: oc.input(z.object({ id: z.string() })).output(nothing),
  },
  /** Into one file for a bug report, without secrets; of a session or a crash report, by its id. */
  exports: {
    /** Tells what the export would contain. */
    examine: oc.input(z.object({ id: z.string() })).output(exportContentSchema),
    /** Writes it to a new file on this host; reports the progress, then the result. */
    write: oc
      .input(
        z.object({
          id: z.string(),
          target: z.string(),
          leaveOut: z.array(optionalPartSchema),
        }),
      )
      .output(
        eventIterator(z.object({ bytes: z.number(), total: z.number() }), z.object({ bytes: z.number() })),
      ),
  },
  downloads: {
    /** A new file on this host for something of that name, which may be any guest's. */
    suggest: oc.input(z.object({ name: z.string() })).output(path),
  },
  /** Small text files in the image sets' folders, and no others. */
  files: {
    /** The content of a file; null when there is none. */
    watch: oc.input(path).output(eventIterator(fileContentSchema.nullable())),
    /**
     * Writes a whole file, or leaves it unchanged.
     *
     * `replaces` is the digest of its content when it was read, null when there was none: if the content is another
     * one now, the error is `file-changed`.
     */
    save: oc
      .input(z.object({ path: z.string(), text: z.string(), replaces: z.string().nullable() }))
      .output(z.object({ digest: z.string() })),
  },
  contents: contentsContract,
  machines: {
    /** The QEMU command that a machine definition becomes on this host. */
    commandLine: oc.input(z.object({ text: z.string() })).output(commandLineSchema),
  },
  /** Shows a file in the system's file manager. */
  reveal: oc.input(path).output(nothing),
};
export type AppContract = typeof appContract;
