import { existsSync, rmSync, statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { implement } from "@orpc/server";
import { sendErrors } from "../../shared/api-calls.ts";
import { appContract } from "../../shared/app-contract.ts";
import { AppError } from "../../shared/errors.ts";
import type { HostStatus } from "../../shared/host.ts";
import type { Library } from "../../shared/library.ts";
import { forgetBuild } from "../build/build-records.ts";
import { dismissCrash, listCrashes } from "../crash/kept-crashes.ts";
import { examineHost } from "../doctor/doctor.ts";
import { type ExportProgress, examineExport, writeExport } from "../export/export.ts";
import { existingFolder, requireFile } from "../files/files.ts";
import { inspectArchive } from "../image/inspect-archive.ts";
import { makePrivateFolder, type Paths, sessionPaths } from "../paths.ts";
import { findVersions } from "../versions.ts";
import { withProgress } from "../with-progress.ts";
import { applySettings } from "./apply-settings.ts";
import { completePath } from "./browse.ts";
import { describeCommandLine } from "./command-line.ts";
import { createHostAccelerator } from "./host-accelerator.ts";
import { identifyPath } from "./identify-path.ts";
import { installArguments } from "./install-arguments.ts";
import { readLibrary } from "./library.ts";
import { createImageSet } from "./new-set.ts";
import { createPulse } from "./pulse.ts";
import { createSessionList, isSessionRunning } from "./session-list.ts";
import { readSetFile, saveSetFile } from "./set-file.ts";
import { requireSetFile } from "./set-files.ts";
import { changeSettings, currentSettings, readSettings } from "./settings-store.ts";
import { snapshots } from "./snapshots.ts";
import { suggestDownload } from "./suggest-download.ts";
import { warnOfArchive } from "./warn-of-archive.ts";

/** What the app needs of whoever runs it. */
export interface AppDeps {
  readonly paths: Paths;
  readonly version: string;
  /** Image sets are looked for here when the settings name no workspace. */
  readonly workspace: string;
  /**
   * Starts a session in a process of its own, by the arguments of a command line: so that it outlives this one.
   *
   * @returns the session's id. @throws AppError when it ended before it had begun
   */
  readonly startSession: (args: readonly string[]) => Promise<string>;
  /** Asks a running session's process to end. */
  readonly stopSession: (session: string) => Promise<void>;
  /** Shows a file in the system's file manager. */
  readonly reveal: (path: string) => Promise<void>;
}

/** Implements the contract of shared/app-contract.ts. */
export function createApp(deps: AppDeps) {
  const { paths } = deps;
  makePrivateFolder(paths.sessions);
  applySettings(currentSettings(paths));
  const listSessions = createSessionList(paths);
  const accelerator = createHostAccelerator(paths);
  // What the window has just done shows at once; what others do, soon.
  const pulse = createPulse();
  const takeSettings = () => {
    const settings = currentSettings(paths);
    return settings.workspaces.length > 0 ? settings : { ...settings, workspaces: [deps.workspace] };
  };
  const setFile = (path: string) => requireSetFile(path, takeSettings().workspaces);
  const running = () => listSessions().filter(({ status }) => status === "running");
  const takeLibrary = () => {
    const building = running().filter(({ kind }) => kind === "build");
    const byTitle = (archive: string) => building.find(({ output }) => output === archive)?.id;
    return readLibrary(paths, takeSettings(), byTitle);
  };
  const takeHost = async (): Promise<HostStatus> => {
    const folder = existingFolder(paths.sessions);
    const { bavail, bsize } = await statfs(folder);
    return {
      accelerator: await accelerator.find(),
      folder,
      freeBytes: roundDown(bavail * bsize),
      runningMachines: running().length,
    };
  };

  const startSession = async (args: readonly string[]) => {
    const session = await deps.startSession(args);
    pulse.beat();
    return session;
  };

  const api = implement(appContract).use(async ({ next }, _input, output) =>
    output(await sendErrors({ next: async () => (await next()).output })),
  );
  return api.router({
    about: api.about.handler(() => findVersions(deps.version)),
    host: {
      watch: api.host.watch.handler(({ signal }) => snapshots(takeHost, signal, pulse.next)),
      examine: api.host.examine.handler(async ({ input }) => {
        const findings = [...(await examineHost(paths, input.retry))];
        accelerator.forget();
        return findings;
      }),
      identifyPath: api.host.identifyPath.handler(({ input }) => identifyPath(input.path)),
      completePath: api.host.completePath.handler(({ input }) => completePath(input.path)),
    },
    settings: {
      watch: api.settings.watch.handler(({ signal }) => snapshots(takeSettings, signal, pulse.next)),
      change: api.settings.change.handler(({ input }) => {
        const settings = changeSettings(paths, input);
        applySettings(settings);
        accelerator.forget();
        return settings;
      }),
    },
    library: {
      watch: api.library.watch.handler(({ signal }) => snapshots(takeLibrary, signal, pulse.next)),
      createSet: api.library.createSet.handler(({ input }) => ({
        folder: createImageSet(takeSettings().workspaces[0] ?? deps.workspace, input.name, input.template),
      })),
      inspectArchive: api.library.inspectArchive.handler(({ input: { path }, signal }) =>
        inspectArchive({ archive: path, signal }),
      ),
      openArchive: api.library.openArchive.handler(async ({ input, signal }) => {
        const path = requireFile(resolve(input.path), "Give the path of an image archive.");
        await inspectArchive({ archive: path, signal });
        const { archives } = readSettings(paths);
        changeSettings(paths, { archives: [...archives.filter((one) => one !== path), path] });
      }),
      forgetArchive: api.library.forgetArchive.handler(({ input }) => {
        const archives = readSettings(paths).archives.filter((one) => one !== input.path);
        changeSettings(paths, { archives });
      }),
      deleteArchive: api.library.deleteArchive.handler(({ input: { path } }) => {
        requireKnownArchive(path, takeLibrary());
        const freedBytes = statSync(requireFile(path, "It is gone already.")).size;
        rmSync(path);
        forgetBuild(paths, path);
        return { freedBytes };
      }),
    },
    builds: {
      start: api.builds.start.handler(async ({ input: { folder, image, memory, retry } }) => {
        const options = [
          ...(memory === undefined ? [] : ["--memory", `${memory}`]),
          ...(retry === undefined ? [] : ["--retry", retry]),
          ...(takeSettings().keepFailed ? ["--keep-failed"] : []),
        ];
        return { session: await startSession(["rebuild", image, "--recipe", folder, ...options]) };
      }),
      install: api.builds.install.handler(async ({ input }) => ({
        session: await startSession(installArguments(input)),
      })),
    },
    runs: {
      start: api.runs.start.handler(async ({ input }) => {
        const variables = Object.entries(input.env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
        const keep = input.keepAlive ? ["--keep-alive"] : [];
        const limits = (["timeout", "memory"] as const).flatMap((limit) =>
          input[limit] === undefined ? [] : [`--${limit}`, `${input[limit]}`],
        );
        const options = [...variables, ...keep, ...limits];
        return {
          session: await startSession(["run", ...options, input.archive, "--", ...input.command]),
        };
      }),
      examine: api.runs.examine.handler(async ({ input }) => ({
        warning: await warnOfArchive(paths, resolve(input.path)),
      })),
    },
    crashes: {
      watch: api.crashes.watch.handler(({ signal }) =>
        snapshots(() => [...listCrashes(paths)], signal, pulse.next),
      ),
      dismiss: api.crashes.dismiss.handler(({ input }) => {
        dismissCrash(paths, input.id);
        pulse.beat();
      }),
    },
    exports: {
      examine: api.exports.examine.handler(({ input }) => examineExport(paths, input.id)),
      write: api.exports.write.handler(({ input, signal = never }) =>
        withProgress<ExportProgress, { bytes: number }>(async (onProgress) => {
          const findings = await examineHost(paths, false);
          const versions = await findVersions(deps.version);
          const plan = { ...input, target: resolve(input.target) };
          const { bytes } = await writeExport(plan, { paths, versions, findings, signal, onProgress });
          return { bytes };
        }),
      ),
    },
    downloads: {
      suggest: api.downloads.suggest.handler(({ input }) => ({ path: suggestDownload(input.name) })),
    },
    sessions: {
      watch: api.sessions.watch.handler(({ signal }) =>
        snapshots(() => [...listSessions()], signal, pulse.next),
      ),
      stop: api.sessions.stop.handler(({ input }) => deps.stopSession(input.session)),
      delete: api.sessions.delete.handler(({ input }) => {
        const summary = listSessions().find(({ id }) => id === input.session);
        if (!summary)
          throw new AppError({ code: "no-session", message: `there is no session ${input.session}` });
        const files = sessionPaths(paths, summary.id);
        if (isSessionRunning(files))
          throw new AppError({
            code: "busy",
            message: `session ${summary.id} is running`,
            advice: "Stop it first.",
          });
        rmSync(files.folder, { recursive: true });
        return { freedBytes: summary.bytes };
      }),
    },
    files: {
      watch: api.files.watch.handler(({ input: { path }, signal }) =>
        snapshots(() => readSetFile(setFile(path)), signal),
      ),
      save: api.files.save.handler(async ({ input: { path, ...change } }) => ({
        digest: await saveSetFile(setFile(path), change),
      })),
    },
    machines: {
      commandLine: api.machines.commandLine.handler(({ input }) => describeCommandLine(paths, input.text)),
    },
    reveal: api.reveal.handler(async ({ input }) => {
      const path = resolve(input.path);
      await deps.reveal(existsSync(path) ? path : dirname(path));
    }),
  });
}

/** The signal of a call that nobody aborts. */
const never = new AbortController().signal;

/** The window deletes what the library shows it, and no other file. */
function requireKnownArchive(path: string, { sets }: Library): void {
  if (sets.some(({ setup, worker }) => setup.path === path || worker.path === path)) return;
  throw new AppError({
    code: "usage",
    message: `${path} is not an archive of an image set in the library`,
    advice: "Delete it by other means, or take it off the list.",
  });
}

/** In steps of 100 MB: a status bar that changes each second is no news. */
function roundDown(bytes: number): number {
  return Math.floor(bytes / 1e8) * 1e8;
}
