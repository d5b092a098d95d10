import { createHash } from "node:crypto";
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type BuildEvent, type BuildResult, initialBuildState, reduceBuild } from "../../shared/build.ts";
import { AppError, toAppError } from "../../shared/errors.ts";
import type { BuildInput } from "../../shared/library.ts";
import { formatMachine } from "../../shared/machine.ts";
import { type FileLock, tryLock } from "../files/file-lock.ts";
import { requireFile } from "../files/files.ts";
import { guestGrowth, requireSpace, type SpaceNeed } from "../files/free-space.ts";
import { archivedDiskData } from "../image/archived-disk.ts";
import { createDisk } from "../image/disk-image.ts";
import { extractArchive } from "../image/extract-archive.ts";
import { packArchive } from "../image/pack-archive.ts";
import type { Paths } from "../paths.ts";
import type { CommandRunner } from "../process.ts";
import type { CdRoms } from "../qemu/args.ts";
import { rememberImage, warnOfStranger } from "../run/known-images.ts";
import { rememberKvmTrouble, withoutKvmIfItFails } from "../run/kvm-fallback.ts";
import { readMachineFile } from "../run/machine-file.ts";
import { createReport } from "../session/events.ts";
import { withEvidence } from "../session/evidence.ts";
import { openServedSession, type ServedSession } from "../session/served-session.ts";
import { type BuildReport, performStep } from "./build-step.ts";
import { runByHand } from "./by-hand.ts";
import { type GuestOptions, runGuest } from "./guest-phase.ts";
import { createKeepGuest } from "./kept-guest.ts";
import { dropKeptWork, keepWork, takeKeptWork, workFiles } from "./kept-work.ts";
import { findOutput } from "./output.ts";

/** What a build starts from. */
export type BuildSource =
  | { readonly kind: "new"; readonly machineFile: string; readonly sizeGib: number }
  | { readonly kind: "image"; readonly archive: string };

/** What `prepare` works with. */
export interface Preparation {
  /** An existing folder for what is made; it goes when the build ends. What is in it already need not be made again. */
  readonly folder: string;
  readonly report: BuildReport;
  /** Runs commands of the host's on the session's terminal. */
  readonly run: CommandRunner;
  readonly signal: AbortSignal;
}

/** All that one image is made from. */
export interface BuildPlan extends GuestOptions {
  /** Shown to people: what is built. */
  readonly title: string;
  /** The archive to write; its name's ending chooses the compression. */
  readonly output: string;
  readonly source: BuildSource;
  /** What that is, when it is known: a failed build from the same can be tried again from where it failed. */
  readonly inputs?: readonly BuildInput[] | undefined;
  /** The failed session to go on from, where that is sound. */
  readonly retry?: string | undefined;
  /** A person works in the guest, and is asked what to do each time that it is off. */
  readonly byHand?: boolean;
  /** When the build fails, its guest is left running until a person ends it. */
  readonly keepFailed?: boolean | undefined;
  /** Makes what the guest will find in its drives. */
  readonly prepare: (preparation: Preparation) => Promise<CdRoms>;
}

export interface BuildContext {
  readonly paths: Paths;
  readonly signal: AbortSignal;
  readonly onEvent: (event: BuildEvent) => void;
}

/**
 * Builds one image: the guest runs on a working copy of the disk until it powers off, then that is packed.
 *
 * Until the new archive is whole, an old one of that name stays as it is.
 *
 * @throws AppError that says what failed, with the guest's last lines and where the session's logs are.
 */
export async function buildImage(plan: BuildPlan, context: BuildContext): Promise<BuildResult> {
  const { paths, signal } = context;
  const output = findOutput(plan.output);
  requireFile(sourceFile(plan.source), "The build starts from it.");
  await requireSpace("the build", await spaceNeeds(plan.source, output, paths));
  using _lock = lockOutput(output, plan.title, paths);
  await using session = await openServedSession(paths, { title: plan.title, kind: "build", image: output });
  let state = initialBuildState;
  const report = createReport<BuildEvent>(session.record, context.onEvent, (event) => {
    state = reduceBuild(state, event);
  });
  const { folder, working } = session.paths;
  report({ type: "build-started", title: plan.title, session: session.id, folder, output });
  for (const text of session.cleared) report({ type: "note", text });
  const origin = plan.inputs && { output, inputs: plan.inputs };
  let guestMilliseconds = 0;
  try {
    if (origin && plan.retry) {
      const resumed = takeKeptWork(paths, plan.retry, origin, working);
      if (resumed.note) report({ type: "note", text: resumed.note });
      for (const step of resumed.steps) report({ type: "step-reused", step });
      guestMilliseconds = resumed.guestMilliseconds;
    }
    dropKeptWork(paths, output);
    const image = join(working, workFiles.image);
    if (!existsSync(image)) guestMilliseconds = await makeImage(plan, image, { session, report, context });
    const packed = await performStep(report, "pack", async (onProgress) => {
      writeFileSync(session.paths.packing, output);
      const onNote = (text: string) => report({ type: "note", text });
      return await packArchive({ folder: image, target: output, signal, onProgress, onNote });
    });
    rememberImage(paths, packed.digest);
    const result = { path: output, size: packed.size, digest: packed.digest, guestMilliseconds };
    report({ type: "build-finished", result });
    return result;
  } catch (thrown) {
    // What a person did in a guest that was kept is no evidence of why it failed.
    const error = state.kept
      ? new AppError(state.kept.error)
      : withEvidence(toAppError(thrown), session.paths);
    const reusable = origin ? keepWork(session.paths, origin, state, guestMilliseconds) : [];
    report({ type: "build-failed", error: error.toJSON(), reusable });
    throw error;
  }
}

interface MakingOfImage {
  readonly session: ServedSession;
  readonly report: BuildReport;
  readonly context: BuildContext;
}

/** Makes the image's folder, and lets the guest work on its disk. @returns milliseconds for which the guest ran */
async function makeImage(
  plan: BuildPlan,
  image: string,
  { session, report, context: { paths, signal } }: MakingOfImage,
): Promise<number> {
  const note = (text: string) => report({ type: "note", text });
  if (!plan.byHand)
    session.keepFailed.begin(plan.keepFailed ?? false, (isWanted) =>
      report({ type: "keep-failed", isWanted }),
    );
  const run = session.host.runner(signal, (text) => report({ type: "output", text }));
  const cdRoms = await plan.prepare({ folder: session.paths.working, report, run, signal });
  const makeDisk = async (onNote: (text: string) => void) => {
    rmSync(image, { recursive: true, force: true });
    mkdirSync(image);
    await performStep(report, "disk", async (onProgress) => {
      if (plan.source.kind === "new") return await makeNewImage(plan.source, image);
      const { archive } = plan.source;
      const { digest } = await extractArchive({ archive, folder: image, signal, onProgress });
      const warning = warnOfStranger(paths, archive, digest);
      if (warning) onNote(warning);
    });
  };
  const guest = { paths, session, image, cdRoms, report, signal };
  if (plan.byHand) {
    await makeDisk(note);
    const runOnce = () =>
      runGuest(plan, { ...guest, onNote: note }).catch(async (error) => {
        await rememberKvmTrouble(paths, error);
        throw error;
      });
    return await runByHand({ run: runOnce, choice: session.choice, report, signal });
  }
  const describe = (thrown: unknown) => withEvidence(toAppError(thrown), session.paths);
  const keepGuest = createKeepGuest({ keep: session.keepFailed, report, signal, describe });
  return await withoutKvmIfItFails(paths, note, async (onNote) => {
    await makeDisk(onNote);
    return await runGuest(plan, { ...guest, onNote, keepGuest });
  });
}

async function spaceNeeds(source: BuildSource, output: string, paths: Paths): Promise<readonly SpaceNeed[]> {
  const isNew = source.kind === "new";
  const disk = isNew ? 0 : await archivedDiskData(source.archive);
  const archive = isNew ? 0 : statSync(source.archive).size;
  return [
    { folder: paths.sessions, bytes: disk + guestGrowth },
    { folder: dirname(output), bytes: archive + guestGrowth },
  ];
}

function sourceFile(source: BuildSource): string {
  return source.kind === "new" ? source.machineFile : source.archive;
}

async function makeNewImage(source: BuildSource & { kind: "new" }, image: string): Promise<void> {
  const machine = readMachineFile(source.machineFile);
  writeFileSync(join(image, "machine.json"), formatMachine(machine));
  await createDisk(join(image, "disk.img"), source.sizeGib);
}

/** Held while an archive is built, so that two builds never race for one name. */
function lockOutput(output: string, title: string, paths: Paths): FileLock {
  const locks = join(paths.cache, "locks");
  mkdirSync(locks, { recursive: true });
  const name = createHash("sha256").update(output).digest("hex");
  const lock = tryLock(join(locks, name), `${title} (process ${process.pid})`);
  if (!("heldBy" in lock)) return lock;
  throw new AppError({
    code: "busy",
    message: `${output} is being built already: ${lock.heldBy}`,
    advice: "Wait for that build, or end it.",
  });
}
