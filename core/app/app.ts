import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { implement } from "@orpc/server";
import type { HostStatus } from "../../shared/app/host.ts";
import { appContract } from "../../shared/contracts/app-contract.ts";
import { sendErrors } from "../../shared/contracts/calls.ts";
import type { Plan } from "../../shared/contracts/plan.ts";
import { ofField } from "../../shared/errors/of-field.ts";
import { createHostAccelerator } from "../accelerator/host-accelerator.ts";
import { createChangeNotifier } from "../async/change-notifier.ts";
import { pollForChanges } from "../async/poll-for-changes.ts";
import { withProgress } from "../async/with-progress.ts";
import { findUpToDate } from "../builder/freshness/judge-rebuild.ts";
import { replaceGuestTools } from "../builder/replace-guest-tools.ts";
import { clearCache, describeCache } from "../cache/manage-cache.ts";
import { compareSessions, withoutBodies } from "../comparison/compare-sessions.ts";
import { reportError } from "../crash/crash-reporter.ts";
import { dismissCrash, listCrashes } from "../crash/crash-reports.ts";
import { examineHost } from "../doctor/doctor.ts";
import { findVersions } from "../doctor/versions.ts";
import { type ExportProgress, examineExport, writeExport } from "../export/export.ts";
import { existingFolder } from "../files/folders.ts";
import { freeBytes } from "../files/free-space.ts";
import { makePrivateFolder } from "../files/private-folder.ts";
import { requireRegularFile } from "../files/regular-file.ts";
import { inspectArchive } from "../image/archive/inspect-archive.ts";
import { type BootingPlan, bootedArchive } from "../image-set/booted-archive.ts";
import { createImageSet } from "../image-set/create-image-set.ts";
import { saveSetFile } from "../image-set/edit-set-file.ts";
import { requireSetFile } from "../image-set/set-files.ts";
import { watchSetFile } from "../image-set/watch-set-file.ts";
import { describeIso } from "../iso/describe-iso.ts";
import { saveScenario } from "../scenario/save/save-scenario.ts";
import { attach } from "../session/client/attach.ts";
import { requireRecord } from "../session-record/require-session.ts";
import { findSessionFile } from "../site/site-file.ts";
import { deleteKept, planFromKept } from "../states/kept-checkpoints.ts";
import type { Paths } from "../storage/paths.ts";
import { changeSettings, currentSettings } from "../storage/settings-store.ts";
import {
  chosenInstall,
  chosenRebuild,
  chosenRun,
  chosenScenarios,
  chosenWatch,
  withValues,
} from "./chosen-plans.ts";
import { createContentsRouter } from "./contents/contents-router.ts";
import { createKeptList } from "./kept-list.ts";
import { createArchiveTrust } from "./library/archive-trust.ts";
import { deleteArchive } from "./library/delete-archive.ts";
import { createLibraryReader } from "./library/library.ts";
import { checkPath } from "./paths/check-path.ts";
import { completePath } from "./paths/complete-path.ts";
import { identifyPath } from "./paths/identify-path.ts";
import { suggestDownload } from "./paths/suggest-download.ts";
import { describeCommandLine } from "./qemu-command.ts";
import { deleteSession } from "./sessions/delete-session.ts";
import { createSessionList } from "./sessions/session-list.ts";
import { createSessionWatch } from "./sessions/session-watch.ts";
import { applySettings } from "./settings/apply-settings.ts";
import { keepWindowState, readWindowState } from "./settings/window-state-store.ts";

/** The dependencies of the app, given by the program that runs it. */
export interface AppDeps {
  readonly paths: Paths;
  readonly version: string;
  /** Image sets are looked for here when the settings name no workspace. */
  readonly workspace: string;
  /**
   * Starts a session that performs a plan, in a process of its own, so that it outlives this one.
   *
   * @returns the session's id. @throws AppError when it ended before it had begun
   */
  readonly startSession: (plan: Plan) => Promise<string>;
  /** Asks a running session to end: in order, or, forced, without waiting for anything. */
  readonly stopSession: (session: string, isForced: boolean) => Promise<void>;
  /** Shows a file in the system's file manager. */
  readonly reveal: (path: string) => Promise<void>;
  /** The address at which the window finds a file that `findSiteFile` knows by that path; it may work once only. */
  readonly addressOf: (path: string) => string;
}

/** Implements the contract of shared/contracts/app-contract.ts. */
export function createApp(deps: AppDeps) {
  const { paths } = deps;
  makePrivateFolder(paths.sessions);
  applySettings(currentSettings(paths));
  const listSessions = createSessionList(paths);
  const accelerator = createHostAccelerator(paths);
  const library = createLibraryReader(paths);
  const trust = createArchiveTrust(paths);
  const sessionWatch = createSessionWatch(paths, listSessions);
  const listKept = createKeptList(paths);
  // Changes that the window makes show at once; changes by others, soon.
  const changes = createChangeNotifier();
  const takeSettings = () => {
    const settings = currentSettings(paths);
    return settings.workspaces.length > 0 ? settings : { ...settings, workspaces: [deps.workspace] };
  };
  const setFile = (path: string) => requireSetFile(path, takeSettings().workspaces);
  const running = async () => (await listSessions()).filter(({ status }) => status === "running");
  const sessionsChanged = (signal: AbortSignal) =>
    Promise.race([changes.next(signal), sessionWatch.changed(signal)]);
  const takeLibrary = async () => {
    const building = (await running()).filter(({ kind }) => kind === "build");
    const byTitle = (archive: string) => building.find(({ output }) => output === archive)?.id;
    return library.read(takeSettings(), byTitle);
  };
  const libraryChanged = (signal: AbortSignal) =>
    Promise.race([sessionsChanged(signal), library.changed(signal)]);
  const takeHost = async (): Promise<HostStatus> => {
    const folder = existingFolder(paths.sessions);
    return {
      accelerator: await accelerator.find(),
      folder,
      freeBytes: roundDown(await freeBytes(folder)),
      runningMachines: (await running()).length,
    };
  };

  /** @param accepted the digest of an archive that was not made here and that a person has accepted. */
  const startSession = async (plan: BootingPlan, accepted?: string, signal?: AbortSignal) => {
    const trusted = accepted === undefined ? [] : [accepted];
    const archive = bootedArchive(plan);
    // Refused at once here, and by the session, which reads the archive again.
    if (archive !== undefined) await ofField("archive", () => trust.require(archive, trusted, signal));
    const session = await deps.startSession({ ...plan, trusted });
    changes.notify();
    return { session };
  };

  const api = implement(appContract).use(async ({ next }, _input, output) =>
    output(await sendErrors({ next: async () => (await next()).output })),
  );
  return api.router({
    about: api.about.handler(() => findVersions(deps.version)),
    host: {
      watch: api.host.watch.handler(({ signal }) => pollForChanges(takeHost, signal, sessionsChanged)),
      examine: api.host.examine.handler(async ({ input }) => {
        const findings = [...(await examineHost(paths, input.retry))];
        accelerator.forget();
        return findings;
      }),
      identifyPath: api.host.identifyPath.handler(({ input }) => identifyPath(input.path)),
      checkPath: api.host.checkPath.handler(({ input }) => checkPath(input.path, input.wanted)),
      completePath: api.host.completePath.handler(({ input }) => completePath(input.path)),
      describeIso: api.host.describeIso.handler(({ input }) => describeIso(resolve(input.path))),
      cache: api.host.cache.handler(() => describeCache(paths)),
      clearCache: api.host.clearCache.handler(({ input }) => clearCache(paths, input.kinds)),
    },
    settings: {
      watch: api.settings.watch.handler(({ signal }) => pollForChanges(takeSettings, signal, changes.next)),
      change: api.settings.change.handler(({ input }) => {
        const settings = changeSettings(paths, input);
        applySettings(settings);
        accelerator.forget();
        return settings;
      }),
    },
    windowState: {
      read: api.windowState.read.handler(() => readWindowState(paths)),
      change: api.windowState.change.handler(({ input }) => keepWindowState(paths, input)),
    },
    library: {
      watch: api.library.watch.handler(({ signal }) => pollForChanges(takeLibrary, signal, libraryChanged)),
      createSet: api.library.createSet.handler(({ input }) => ({
        folder: createImageSet(takeSettings().workspaces[0] ?? deps.workspace, input.name, input.template),
      })),
      inspectArchive: api.library.inspectArchive.handler(({ input: { path }, signal }) =>
        inspectArchive({ archive: path, signal }),
      ),
      openArchive: api.library.openArchive.handler(async ({ input, signal }) => {
        const path = resolve(input.path);
        await ofField("path", () => {
          requireRegularFile(path, { advice: "Give the path of an image archive." });
          return inspectArchive({ archive: path, signal });
        });
        changeSettings(paths, ({ archives }) => ({
          archives: [...archives.filter((one) => one !== path), path],
        }));
      }),
      forgetArchive: api.library.forgetArchive.handler(({ input: { path } }) => {
        changeSettings(paths, ({ archives }) => ({ archives: archives.filter((one) => one !== path) }));
      }),
      deleteArchive: api.library.deleteArchive.handler(async ({ input: { path } }) =>
        deleteArchive(paths, path, await takeLibrary()),
      ),
    },
    builds: {
      start: api.builds.start.handler(async ({ input, signal }) => {
        const plan = chosenRebuild(input, takeSettings());
        const upToDate = await findUpToDate(plan, paths, signal);
        return upToDate ? { upToDate } : await startSession(withValues(plan), input.accepted, signal);
      }),
      install: api.builds.install.handler(async ({ input }) => startSession(await chosenInstall(input))),
    },
    runs: {
      start: api.runs.start.handler(async ({ input, signal }) =>
        startSession(await chosenRun(input), input.accepted, signal),
      ),
      startScenarios: api.runs.startScenarios.handler(({ input, signal }) =>
        startSession(chosenScenarios(input), input.accepted, signal),
      ),
      watch: api.runs.watch.handler(({ input: { accepted, ...input }, signal }) =>
        startSession(chosenWatch(input), accepted, signal),
      ),
      examine: api.runs.examine.handler(({ input, signal }) => trust.examine(resolve(input.path), signal)),
    },
    keptCheckpoints: {
      watch: api.keptCheckpoints.watch.handler(({ signal }) =>
        pollForChanges(listKept, signal, changes.next),
      ),
      start: api.keptCheckpoints.start.handler(({ input }) => startSession(planFromKept(paths, input.name))),
      delete: api.keptCheckpoints.delete.handler(async ({ input }) => {
        await deleteKept(paths, input.name);
        changes.notify();
      }),
    },
    crashes: {
      watch: api.crashes.watch.handler(({ signal }) =>
        pollForChanges(() => [...listCrashes(paths)], signal, changes.next),
      ),
      report: api.crashes.report.handler(({ input: { part, ...error } }) => {
        reportError(error, "continued", { paths, version: deps.version, program: part });
        changes.notify();
      }),
      dismiss: api.crashes.dismiss.handler(({ input }) => {
        dismissCrash(paths, input.id);
        changes.notify();
      }),
    },
    exports: {
      examine: api.exports.examine.handler(({ input }) => examineExport(paths, input.id)),
      write: api.exports.write.handler(({ input, signal = new AbortController().signal }) =>
        withProgress<ExportProgress, { bytes: number }>(async (onProgress) => {
          await ofField("target", () => checkPath(resolve(input.target), ["new-file"]));
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
        pollForChanges(sessionWatch.list, signal, sessionsChanged),
      ),
      fileAddress: api.sessions.fileAddress.handler(({ input: { session, name } }) => {
        const path = `/sessions/${session}/files/${name}`;
        return { address: findSessionFile(paths, path) && deps.addressOf(path) };
      }),
      replaceTools: api.sessions.replaceTools.handler(({ input, signal }) =>
        withProgress<string, void>(async (onStep) => {
          using session = await attach(paths, input.session);
          await replaceGuestTools(session, { signal, onStep });
        }),
      ),
      stop: api.sessions.stop.handler(({ input }) => deps.stopSession(input.session, input.force)),
      delete: api.sessions.delete.handler(async ({ input }) => {
        const deleted = await deleteSession(paths, await listSessions(), input.session);
        changes.notify();
        return deleted;
      }),
      scenario: api.sessions.scenario.handler(({ input: { session, name } }) =>
        saveScenario(requireRecord(paths, session), session, name),
      ),
      compare: api.sessions.compare.handler(async ({ input: { first, second, polls } }) =>
        withoutBodies(await compareSessions(paths, first, second, polls)),
      ),
    },
    files: {
      watch: api.files.watch.handler(({ input: { path }, signal }) =>
        watchSetFile(path, () => takeSettings().workspaces, signal),
      ),
      save: api.files.save.handler(async ({ input: { path, ...change } }) => ({
        digest: await saveSetFile(setFile(path), change),
      })),
    },
    contents: createContentsRouter(paths),
    machines: {
      commandLine: api.machines.commandLine.handler(({ input }) => describeCommandLine(paths, input.text)),
    },
    reveal: api.reveal.handler(async ({ input }) => {
      const path = resolve(input.path);
      await deps.reveal(existsSync(path) ? path : dirname(path));
    }),
  });
}

/** In steps of 100 MB, so that the status bar doesn't change each second. */
function roundDown(bytes: number): number {
  return Math.floor(bytes / 1e8) * 1e8;
}
