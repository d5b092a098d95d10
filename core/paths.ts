import { createHash } from "node:crypto";
import { chmodSync, lstatSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { AppError } from "../shared/errors.ts";
import { makeFolder } from "./files/files.ts";

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
  /** How each archive was built, a JSON file each. */
  readonly builds: string;
  readonly settings: string;
  /** The user's own image sets, where Tinsmith itself can't be written to. */
  readonly images: string;
  /** Built ISOs and other things that can be made again. */
  readonly cache: string;
  /** Sockets of running virtual machines: one folder (0700) a session. */
  readonly sockets: string;
}

/** A unix socket's path holds 107 bytes; 60 for the folder leave room for every socket's name in it. */
const maxSocketFolderLength = 60;
/** Length of "/" and a session's id, see `newTimedId`. */
const sessionIdLength = 21;
/** A socket's path becomes part of QEMU options, in which other characters have a meaning. */
const plainPath = /^[A-Za-z0-9/_.-]+$/;

/** Finds the folders; makes none. */
export function findPaths(env: Readonly<Record<string, string | undefined>> = process.env): Paths {
  const home = env.TINSMITH_HOME && resolve(env.TINSMITH_HOME);
  const state = home ?? join(env.XDG_STATE_HOME || join(homedir(), ".local/state"), "tinsmith");
  const cache = home ?? join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "tinsmith");
  const data = home ?? join(env.XDG_DATA_HOME || join(homedir(), ".local/share"), "tinsmith");
  const runtime = home ?? (env.XDG_RUNTIME_DIR && join(env.XDG_RUNTIME_DIR, "tinsmith"));
  return {
    sessions: join(state, "sessions"),
    knownImages: join(state, "known-images"),
    builds: join(state, "builds"),
    settings: join(state, "settings.json"),
    images: join(data, "images"),
    cache: join(cache, "cache"),
    sockets: socketsFolder(runtime && join(runtime, "run"), state),
  };
}

/** The wanted folder where sockets can live in it, else a short one that is this user's and this home's own. */
function socketsFolder(wanted: string | undefined, state: string): string {
  if (wanted && fitsSockets(wanted)) return wanted;
  const mark = createHash("sha256").update(state).digest("hex").slice(0, 8);
  return join("/tmp", `tinsmith-${process.getuid?.() ?? 0}-${mark}`);
}

function fitsSockets(folder: string): boolean {
  return Buffer.byteLength(folder) + sessionIdLength <= maxSocketFolderLength && plainPath.test(folder);
}

const ownHome = "set TINSMITH_HOME to a folder of your own.";

/**
 * Makes a folder that only this user can enter, and refuses one that somebody else has put there.
 *
 * @throws AppError `busy` when the folder belongs to another user or is no folder, `no-permission` when it can't be made.
 */
export function makePrivateFolder(folder: string): void {
  makeFolder(folder, { mode: 0o700, advice: `Change its permissions, or ${ownHome}` });
  const status = lstatSync(folder);
  if (!status.isDirectory() || status.uid !== (process.getuid?.() ?? status.uid))
    throw new AppError({
      code: "busy",
      message: `${folder} is not a folder of this user`,
      advice: `Remove it, or ${ownHome}`,
    });
  chmodSync(folder, 0o700);
}

/** The files of one session: what a build or run leaves behind, and what it needs while it runs. */
export interface SessionPaths {
  readonly folder: string;
  /** JSON lines, one an event. */
  readonly events: string;
  /** Every byte that the guest wrote to its serial port. */
  readonly serialLog: string;
  /** Every byte that the guest posted to the MetaService's log. */
  readonly taskLog: string;
  /** What the host's own commands printed on their terminal. */
  readonly hostLog: string;
  /** What QEMU itself printed. */
  readonly qemuLog: string;
  /** What the guest's screen showed last, when a build or run failed. */
  readonly screenshot: string;
  /** How its process ended, when that was not in order. */
  readonly crashReport: string;
  /** Held open and locked while the session runs. */
  readonly lock: string;
  /** Disks and other large files; gone when the session ends. */
  readonly working: string;
  /** What a failed build has made and a retry can go on from. */
  readonly keptWork: string;
  /** Names the archive that is being packed, beside which half of it may be left; gone when the session ends. */
  readonly packing: string;
  readonly socketFolder: string;
  readonly qmpSocket: string;
  readonly serialSocket: string;
  readonly vncSocket: string;
  readonly metaServiceSocket: string;
  /** Where the session's process serves shared/api.ts to others of this user. */
  readonly apiSocket: string;
}

/** Names the files of a session; makes none. */
export function sessionPaths(paths: Paths, id: string): SessionPaths {
  const folder = join(paths.sessions, id);
  const socketFolder = join(paths.sockets, id);
  return {
    folder,
    events: join(folder, "events.jsonl"),
    serialLog: join(folder, "serial.log"),
    taskLog: join(folder, "task.log"),
    hostLog: join(folder, "host.log"),
    qemuLog: join(folder, "qemu.log"),
    screenshot: join(folder, "screen.png"),
    crashReport: join(folder, "crash.json"),
    lock: join(folder, "lock"),
    working: join(folder, "working"),
    keptWork: join(folder, "kept-work"),
    packing: join(folder, "packing"),
    socketFolder,
    qmpSocket: join(socketFolder, "qmp.sock"),
    serialSocket: join(socketFolder, "serial.sock"),
    vncSocket: join(socketFolder, "vnc.sock"),
    metaServiceSocket: join(socketFolder, "meta.sock"),
    apiSocket: join(socketFolder, "api.sock"),
  };
}

/** The crash report of that id, beside the sessions: of a process that ran none. */
export function crashReportFile(paths: Paths, id: string): string {
  return join(paths.sessions, `${id}.json`);
}

/** What a name in the folder of sessions is the report of, if it is one. */
export function crashIdOf(name: string): string | undefined {
  return /^(crash-[\w-]+)\.json$/.exec(name)?.[1];
}

/** Where an archive is written to until it is whole. */
export function partialPath(archive: string): string {
  return `${archive}.partial`;
}

/** In a session's folder. */
export const bodiesFolder = "bodies";

/** Where in a session's folder more of an exchange's body is kept. */
export function exchangeBodyFile(exchange: number, side: "request" | "reply"): string {
  return join(bodiesFolder, `${exchange}.${side}`);
}
