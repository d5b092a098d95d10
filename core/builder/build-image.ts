import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { AppError, toAppError } from "../../shared/errors/errors.ts";
import type { PackedArchive } from "../../shared/library/image-archive.ts";
import type { BuildInputKind } from "../../shared/library/library.ts";
import {
  type BuildEvent,
  type BuildResult,
  initialBuildState,
  reduceBuild,
} from "../../shared/session/build.ts";
import type { OnNote } from "../../shared/session/note.ts";
import { rememberKvmTrouble, withoutKvmIfItFails } from "../accelerator/kvm-fallback.ts";
import { causeOfFailure } from "../async/abort.ts";
import { beforeForcedStop, stoppedByForce } from "../async/process-end.ts";
import { startOnce } from "../async/start-once.ts";
import { requireSpaceBesideCache } from "../cache/require-space.ts";
import { requireRegularFile } from "../files/regular-file.ts";
import { rulesOptions } from "../runner/rules-options.ts";
import { openServedSession, type ServedSession } from "../session/serve/served-session.ts";
import { holdSession } from "../session-record/hold-session.ts";
import { withLastOutput } from "../session-record/last-output.ts";
import { createReport } from "../session-record/report.ts";
import { withoutStateIfItFails } from "../states/restore-attempt.ts";
import { discardState } from "../states/state-store.ts";
import { rememberImage } from "../storage/known-images.ts";
import { sessionPaths } from "../storage/paths.ts";
import type { BuildContext, BuildPlan } from "./build-plan.ts";
import { sourceFile, spaceNeeds } from "./build-source.ts";
import { type BuildReport, performStep } from "./build-step.ts";
import { recordInstallation } from "./by-hand/record-installation.ts";
import { createKeepGuest } from "./failed-guest.ts";
import { UpToDate } from "./freshness/up-to-date.ts";
import { type PackedImage, packImage } from "./growth/pack-image.ts";
import { commandsOnHost } from "./host-commands.ts";
import { runByHand } from "./install-by-hand.ts";
import { findOutput, lockOutput, notReplaced, replaced } from "./output-archive.ts";
import { dropBootedGuest, findBootedGuest } from "./retry/booted-guest.ts";
import { dropRetryWork, keepRetryWork, takeRetryWork } from "./retry/retry-work.ts";
import { runGuest } from "./run-guest.ts";
import { findRestoredGuest } from "./warm/restored-guest.ts";
import { findWorkingDisk, makeWorkingDisk, type WorkingDisk } from "./working-disk.ts";

/**
 * Builds one image: the guest runs on a working copy of the disk until it powers off, then that is packed.
 *
 * Until the new archive is whole, an old one of that name stays as it is.
 *
 * @throws AppError with the failure, the guest's last lines and the place of the session's logs.
 */
export async function buildImage(plan: BuildPlan, context: BuildContext): Promise<BuildResult> {
  const { paths, signal, part } = context;
  const output = findOutput(plan.output);
  requireRegularFile(sourceFile(plan.source), { advice: "Check the path: the build starts from this file." });
  await requireSpaceBesideCache(paths, "the build", await spaceNeeds(plan.source, output, paths));
  using _lock = lockOutput(output, plan.title, paths);
  // Its kept work must not be deleted to free space.
  using _retried = plan.retry === undefined ? undefined : holdSession(sessionPaths(paths, plan.retry));
  const what = { title: plan.title, kind: "build", image: output } as const;
  await using session = await openServedSession(paths, what, { ...rulesOptions(plan.rules), part });
  let state = initialBuildState;
  const report = createReport<BuildEvent>(session.record, context.onEvent, (event) => {
    state = reduceBuild(state, event);
  });
  const { folder, working } = session.paths;
  const { title, byHand } = plan;
  report({
    ...{ type: "build-started", title, session: session.id, folder, output },
    ...(byHand && { isByHand: true, choices: plan.choices }),
  });
  const onNote = (text: string) => report({ type: "note", text });
  for (const note of session.cleared) report({ type: "note", ...note });
  const { rules } = session.rules;
  if (plan.rules) rules.add(plan.rules.rules);
  const originNow = () =>
    plan.inputs && plan.hasAllInputs && { output, inputs: plan.inputs.recorded, choices: plan.choices ?? {} };
  let guestMilliseconds = 0;
  const dropReplacedWork = () => {
    for (const id of dropRetryWork(paths, output, session.id)) onNote(replaced(id));
  };
  const fail = (thrown: unknown): AppError => {
    // Work that a person did in a kept guest says nothing about why the guest failed.
    const error = state.kept
      ? new AppError(state.kept.error)
      : withLastOutput(causeOfFailure(thrown, signal), session.paths);
    const origin = originNow();
    const reusable = origin ? keepRetryWork(session.paths, origin, state, guestMilliseconds) : [];
    if (reusable.length > 0) dropReplacedWork();
    report({ type: "build-failed", error: error.toJSON(), reusable, rules: rules.uses() });
    return error;
  };
  let target = output;
  const succeed = ({ archive: { size, digest }, growth }: PackedImage): BuildResult => {
    rememberImage(paths, digest);
    const result = { path: target, size, digest, guestMilliseconds, ...(growth && { growth }) };
    if (target === output) {
      dropReplacedWork();
      plan.onBuilt?.(result, rules.everAdded());
    } else onNote(notReplaced(output));
    report({ type: "build-finished", result, rules: rules.uses() });
    return result;
  };
  /** Set as soon as the new archive has its name: no stop can make this build a failed one then. */
  let named: PackedArchive | undefined;
  const endAtOnce = () => {
    if (!named) return void fail(stoppedByForce());
    report({ type: "step-finished", step: "pack" });
    succeed({ archive: named });
  };
  try {
    using _lastAct = beforeForcedStop("the build", endAtOnce);
    const origin = originNow();
    if (origin && plan.retry) {
      const resumed = takeRetryWork(paths, plan.retry, origin, working);
      if (resumed.note) onNote(resumed.note);
      for (const step of resumed.steps) report({ type: "step-reused", step });
      guestMilliseconds = resumed.guestMilliseconds;
    }
    using disks = new DisposableStack();
    let disk = await findWorkingDisk(plan.source, {
      ...{ paths, working, signal, onNote },
      trusted: plan.trusted,
    });
    if (disk) disks.use(disk);
    else {
      ({ disk, guestMilliseconds } = await makeImage(plan, { session, report, context, disks }));
      await plan.inputs?.check(onNote, plan.guestInputs ?? []);
    }
    const { folder: image, backing } = disk;
    const packed = await performStep(report, "pack", async (onProgress) => {
      // An image that was built under rules is not what its recipe says, so it does not replace the one that is.
      if (rules.uses() && !plan.replacesUnderRules) target = join(folder, basename(output));
      writeFileSync(session.paths.packing, target);
      const onNamed = (archive: PackedArchive) => {
        named = archive;
      };
      const facts = (await plan.facts?.(rules.everAdded())) ?? { kind: "build" };
      const files = { folder: image, backing, target, facts: { ...facts, session: session.id } };
      return await packImage({ ...files, paths, signal, onProgress, onNote, onNamed });
    });
    return succeed(packed);
  } catch (thrown) {
    if (!(thrown instanceof UpToDate)) throw fail(thrown);
    const { result, upToDate } = thrown;
    report({ type: "build-finished", result, upToDate, rules: rules.uses() });
    return result;
  }
}

interface MakingOfImage {
  readonly session: ServedSession;
  readonly report: BuildReport;
  readonly context: BuildContext;
  /** Takes each disk that is made, until the build ends. */
  readonly disks: DisposableStack;
}

/** Lets the guest work on a disk. @returns the disk, and the milliseconds for which the guest ran */
async function makeImage(
  plan: BuildPlan,
  { session, report, context: { paths, signal, input }, disks }: MakingOfImage,
): Promise<{ readonly disk: WorkingDisk; readonly guestMilliseconds: number }> {
  const note: OnNote = (text, about) => report({ type: "note", text, about });
  if (!plan.byHand)
    session.keepFailed.begin(plan.keepFailed ?? false, (isWanted) =>
      report({ type: "keep-failed", isWanted }),
    );
  using host = commandsOnHost(session, { input, report, signal });
  const checkInputs = async (kinds?: readonly BuildInputKind[]) => await plan.inputs?.check(note, kinds);
  const makeCds = startOnce(async () => {
    const cdRoms = await plan.prepare({
      ...{ folder: session.paths.working, report, run: host.run, held: disks, signal },
      inputs: plan.inputs?.recorded ?? [],
      checkInputs: () => checkInputs(),
      addInput: async (read) => (await plan.inputs?.add(read)) ?? read(),
    });
    await checkInputs();
    return cdRoms;
  });
  const makeDisk = async (onNote: OnNote) => {
    const context = { paths, working: session.paths.working, signal, trusted: plan.trusted, onNote };
    const disk = await performStep(report, "disk", (onProgress) =>
      makeWorkingDisk(plan.source, { ...context, onProgress }),
    );
    disks.use(disk);
    await checkInputs(["machine", "choice", "setup-image"]);
    return disk;
  };
  const isByHand = plan.byHand || (plan.source.kind === "new" && !plan.install);
  await using hand = isByHand ? recordInstallation(session, plan.title, note) : undefined;
  const guest = { paths, session, report, hand, signal };
  if (plan.preparesFirst) await makeCds();
  if (plan.byHand) {
    const [disk, cdRoms] = [await makeDisk(note), await makeCds()];
    const runOnce = () =>
      runGuest(plan, { ...guest, disk, cdRoms, onNote: note }).catch(async (error) => {
        await rememberKvmTrouble(paths, error);
        throw error;
      });
    const guestMilliseconds = await runByHand({ run: runOnce, choice: session.choice, report, signal });
    return { disk, guestMilliseconds };
  }
  const keepGuest = createKeepGuest({
    ...{ keep: session.keepFailed, files: session.paths, report, signal },
    describe: (thrown) => withLastOutput(toAppError(thrown), session.paths),
  });
  return await withoutKvmIfItFails(paths, note, (onNote) =>
    withoutStateIfItFails(onNote, async (mayBeWarm, cleanup) => {
      if (!mayBeWarm) {
        await makeCds();
        await dropBootedGuest(session.paths.working);
      }
      const disk = await makeDisk(onNote);
      const context = { ...guest, disk, onNote, keepGuest, booted: findBootedGuest(session.paths.working) };
      const cdRoms = makeCds();
      const restored = mayBeWarm ? await findRestoredGuest(plan, { ...context, cdRoms, cleanup }) : undefined;
      const discard = async (reason: string) => {
        if (restored) await discardState(paths, restored.stored, reason);
      };
      const ran = runGuest(plan, restored ? { ...context, restored } : { ...context, cdRoms: await cdRoms });
      const result = ran.then((guestMilliseconds) => ({ disk, guestMilliseconds }));
      return { ...((restored || context.booted) && { discard }), result };
    }),
  );
}
