import { homedir } from "node:os";
import { basename, join, resolve } from "node:path";
import { AppError } from "../../shared/errors/errors.ts";
import { digestText } from "../files/digest.ts";

/**
 * Every place on disk that Tinsmith keeps for itself.
 *
 * With `TINSMITH_HOME` set, all are folders below it; else they follow the XDG Base Directory specification.
 */
export interface Paths {
  /** Session folders, one a build or run, named by its id. */
  readonly sessions: string;
  /** Digests of the archives that were made here, one a line. */
  readonly knownImages: string;
  /** The keys of those whose signatures on images count, in the form of ssh-keygen's allowed signers. */
  readonly allowedSigners: string;
  /** The uploads of images that can be resumed, a JSON file each. */
  readonly uploads: string;
  /** Digests of the saved states that were made here, and those that could not be restored. */
  readonly knownStates: string;
  /** The records of built archives, a JSON file each. */
  readonly builds: string;
  /** The files of the last images that were built here, a folder for each archive's path. */
  readonly fileLists: string;
  /** The states of the cells of matrices, a file for each. */
  readonly matrices: string;
  /** Jobs in Slurm, and the homes of its nodes, unless a person chooses another folder. */
  readonly slurm: string;
  readonly settings: string;
  /** The window's state: its layout, choices, and the last runs. */
  readonly windowState: string;
  /** The user's own image sets, where Tinsmith itself can't be written to. */
  readonly images: string;
  /** Built ISOs and other things that can be made again. */
  readonly cache: string;
  /** The digests of large files that were read, a cache. */
  readonly digests: string;
  /** The descriptions of ended sessions, a cache. */
  readonly sessionSummaries: string;
  /** Sockets of running sessions: one folder (0700) a session. The same in all terminals and after a logout, as `sessions` is. */
  readonly sockets: string;
}

/** A socket's path holds 107 bytes, that of the MetaService's relay 100; the longest name in the folder is /serial.sock. */
const maxSocketFolderLength = 88;
/** Length of "/" and a session's id, see `newTimedId`. */
const sessionIdLength = 21;
/** A socket's path becomes part of QEMU options, in which other characters have a meaning. */
const plainPath = /^[A-Za-z0-9/_.-]+$/;

/** Finds the folders; makes none. */
export function findPaths(env: Readonly<Record<string, string | undefined>> = process.env): Paths {
  const home = env.TINSMITH_HOME ? resolve(env.TINSMITH_HOME) : undefined;
  const state = home ?? join(env.XDG_STATE_HOME || join(homedir(), ".local/state"), "tinsmith");
  const cache = home ?? join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "tinsmith");
  const data = home ?? join(env.XDG_DATA_HOME || join(homedir(), ".local/share"), "tinsmith");
  return {
    sessions: join(state, "sessions"),
    knownImages: join(state, "known-images"),
    allowedSigners: join(state, "allowed_signers"),
    uploads: join(state, "uploads"),
    knownStates: join(state, "known-states.json"),
    builds: join(state, "builds"),
    fileLists: join(state, "file-lists"),
    matrices: join(state, "matrices"),
    slurm: join(state, "slurm"),
    settings: join(state, "settings.json"),
    windowState: join(state, "window-state.json"),
    images: join(data, "images"),
    cache: join(cache, "cache"),
    digests: join(cache, "cache", "digests.json"),
    sessionSummaries: join(cache, "cache", "session-summaries.json"),
    sockets: socketsFolder(join(state, "run"), state),
  };
}

/** The wanted folder where sockets can live in it, else a short one that is this user's and this home's own. */
function socketsFolder(wanted: string, state: string): string {
  if (fitsSockets(wanted)) return wanted;
  const mark = digestText(state).slice(0, 8);
  return join("/tmp", `tinsmith-${process.getuid?.() ?? 0}-${mark}`);
}

function fitsSockets(folder: string): boolean {
  return Buffer.byteLength(folder) + sessionIdLength <= maxSocketFolderLength && plainPath.test(folder);
}

/** The files of one session: what a build or run leaves behind, and what it needs while it runs. */
export interface SessionPaths {
  readonly folder: string;
  /** JSON lines, one an event. */
  readonly events: string;
  /** The guest's output on its serial port, byte for byte up to its quota. */
  readonly serialLog: string;
  /** When its bytes came, see core/recording/output-times.ts. */
  readonly serialTimes: string;
  /** Text that the guest posted to the MetaService's log, byte for byte up to its quota. */
  readonly taskLog: string;
  /** When its bytes came, as `serialTimes`. */
  readonly taskTimes: string;
  /** The output of the host's own commands on their terminal. */
  readonly hostLog: string;
  /** The recording of an installation by hand, an asciicast. */
  readonly recording: string;
  /** The install steps that do the same, as YAML. */
  readonly recordedSteps: string;
  /** The output of QEMU itself. */
  readonly qemuLog: string;
  /** The last screen of the guest, when a build or run failed. */
  readonly screenshot: string;
  /** The text on it, if it had any. */
  readonly screenText: string;
  /** Pictures of the guest's screen, which the session's events name. */
  readonly screens: string;
  /** There if a round of a watch has started the session, with the name of the round. */
  readonly round: string;
  /** The report of a process that did not end in order. */
  readonly crashReport: string;
  /** Held open and locked while the session runs: then it holds its description, see shared/contracts/session-contract.ts, as JSON. */
  readonly lock: string;
  /** Disks and other large files; gone when the session ends. */
  readonly working: string;
  /** The work of a failed build that a retry can resume from. */
  readonly keptWork: string;
  /** Describes the kept work: without it, nothing is offered for a retry. */
  readonly keptWorkRecord: string;
  /** There while the guest of a build that has failed is kept. */
  readonly keptGuest: string;
  /** There since the session was asked to end. */
  readonly stopAsked: string;
  /** Names the archive that is being packed, beside which half of it may be left; gone when the session ends. */
  readonly packing: string;
  readonly socketFolder: string;
  readonly qmpSocket: string;
  readonly serialSocket: string;
  readonly vncSocket: string;
  readonly metaServiceSocket: string;
  /** Through it QEMU saves or loads the state of its virtual machine. */
  readonly stateSocket: string;
  /**
   * The socket on which the session's process serves shared/contracts/session-contract.ts to this user's other
   * processes.
   */
  readonly apiSocket: string;
}

/** Whether an id that comes from outside can name a session, or a crash report: it has the form of a plain name. */
export function isSessionName(id: string): boolean {
  return /^\w[\w-]*$/.test(id);
}

/**
 * Names the files of a session; makes none.
 *
 * @throws AppError `no-session` for an id that leads out of the folder of sessions.
 */
export function sessionPaths(paths: Paths, id: string): SessionPaths {
  if (id !== basename(id) || ["", ".", ".."].includes(id))
    throw new AppError({
      code: "no-session",
      message: `${JSON.stringify(id)} is not the id of a session`,
      advice: "List the ids with tinsmith sessions --all.",
    });
  const folder = join(paths.sessions, id);
  const socketFolder = join(paths.sockets, id);
  return {
    folder,
    events: join(folder, "events.jsonl"),
    serialLog: join(folder, "serial.log"),
    serialTimes: join(folder, "serial.times"),
    taskLog: join(folder, "task.log"),
    taskTimes: join(folder, "task.times"),
    hostLog: join(folder, "host.log"),
    recording: join(folder, "install.cast"),
    recordedSteps: join(folder, "install.yaml"),
    qemuLog: join(folder, "qemu.log"),
    screenshot: join(folder, "screen.png"),
    screenText: join(folder, "screen.txt"),
    screens: join(folder, screensFolder),
    round: join(folder, "round"),
    crashReport: join(folder, "crash.json"),
    lock: join(folder, "lock"),
    working: join(folder, "working"),
    keptWork: join(folder, keptWorkFolder),
    keptWorkRecord: join(folder, keptWorkFolder, "work.json"),
    keptGuest: join(socketFolder, "kept-guest"),
    stopAsked: join(socketFolder, "stop-asked"),
    packing: join(folder, "packing"),
    socketFolder,
    qmpSocket: join(socketFolder, "qmp.sock"),
    serialSocket: join(socketFolder, "serial.sock"),
    vncSocket: join(socketFolder, "vnc.sock"),
    metaServiceSocket: join(socketFolder, "meta.sock"),
    stateSocket: join(socketFolder, "state.sock"),
    apiSocket: join(socketFolder, "api.sock"),
  };
}

/** Locked while a process begins a session or looks for ended ones. It stays. */
export function sessionsLock(paths: Paths): string {
  return join(paths.sessions, ".lock");
}

/**
 * The folder into which sessions are moved to be deleted: beside theirs, so that each disappears at once and whole.
 */
export function deletedSessions(paths: Paths): string {
  return join(paths.sessions, ".deleted");
}

/** The socket on which the `tinsmith serve` on that port gives new links to this user's other processes. */
export function linkSocket(paths: Paths, port: number): string {
  return join(paths.sockets, `serve-${port}.sock`);
}

/** The port of the `tinsmith serve` whose socket has that name in the folder of sockets, if it is one. */
export function linkSocketPort(name: string): number | undefined {
  const [, port] = /^serve-(\d+)\.sock$/.exec(name) ?? [];
  return port === undefined ? undefined : Number(port);
}

/** The page by which the `tinsmith serve` on that port opens its window in a browser. */
export function linkFile(paths: Paths, port: number): string {
  return join(paths.sockets, `serve-${port}.html`);
}

/** The crash report of that id, beside the sessions: of a process that ran none. */
export function crashReportFile(paths: Paths, id: string): string {
  return join(paths.sessions, `${id}.json`);
}

/** The id of the crash report with a name in the folder of sessions, if it is one. */
export function crashIdOf(name: string): string | undefined {
  return /^(crash-[\w-]+)\.json$/.exec(name)?.[1];
}

/** The files of one ISO in the cache, and of its making. */
export interface IsoPaths {
  readonly folder: string;
  readonly iso: string;
  /** The record of the ISO: its digest. */
  readonly record: string;
  /** A folder in which it is built; gone when that is done. */
  readonly building: string;
  /** Locked while it is built or fetched. */
  readonly lock: string;
}

/** The end of `IsoPaths.building`. */
export const isoBuildingSuffix = ".building";

/** Names the files of an ISO in the cache; makes none. */
export function isoPaths(cache: string, name: string): IsoPaths {
  const folder = join(cache, "isos");
  return {
    folder,
    iso: join(folder, `${name}.iso`),
    record: join(folder, `${name}.json`),
    building: join(folder, `${name}${isoBuildingSuffix}`),
    lock: join(locksFolder(cache), `iso-${name}`),
  };
}

/** The folder of the cache's entries of a kind: a folder each, named by its key. */
export function cacheEntriesFolder({ cache }: Pick<Paths, "cache">, kind: EntryKind): string {
  return join(cache, `${kind}s`);
}

/** The kinds of the cache's entries that have a folder each. */
export type EntryKind = "image" | "state" | "checkpoint";

/** The folder into which entries of the cache are moved to be deleted, so that each disappears at once and whole. */
export function deletedEntries({ cache }: Pick<Paths, "cache">): string {
  return join(cache, ".deleted");
}

/** The Debian packages that the build of an ISO has downloaded: see images/microcore/iso/build.sh. */
export function debianPackages({ cache }: Pick<Paths, "cache">): string {
  return join(cache, "debian");
}

/** The folder of the locks on ISOs that are being made. */
export function locksFolder(cache: string): string {
  return join(cache, "locks");
}

/** In a session's folder. */
export const keptWorkFolder = "kept-work";
/** In a session's folder. */
export const bodiesFolder = "bodies";
/** In a session's folder. */
export const screensFolder = "screens";

/** The file in a session's folder that keeps more of an exchange's body. */
export function exchangeBodyFile(exchange: number, side: "request" | "reply"): string {
  return join(bodiesFolder, `${exchange}.${side}`);
}
