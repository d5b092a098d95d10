import { createHash } from "node:crypto";
import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BuildEvent, BuildResult } from "../../shared/build.ts";
import { AppError, toAppError } from "../../shared/errors.ts";
import { formatMachine } from "../../shared/machine.ts";
import { createReport } from "../events.ts";
import { withEvidence } from "../evidence.ts";
import { type FileLock, tryLock } from "../file-lock.ts";
import { requireFile } from "../files.ts";
import { guestGrowth, requireSpace, type SpaceNeed } from "../free-space.ts";
import { archivedDiskData } from "../image/archived-disk.ts";
import { createDisk } from "../image/disk-image.ts";
import { extractArchive } from "../image/extract-archive.ts";
import { packArchive } from "../image/pack-archive.ts";
import { rememberImage, warnOfStranger } from "../known-images.ts";
import { rememberKvmTrouble, withoutKvmIfItFails } from "../kvm-fallback.ts";
import { readMachineFile } from "../machine-file.ts";
import type { Paths } from "../paths.ts";
import type { CommandRunner } from "../process.ts";
import type { CdRoms } from "../qemu/args.ts";
import { openServedSession } from "../served-session.ts";
import { type BuildReport, performStep } from "./build-step.ts";
import { runByHand } from "./by-hand.ts";
import { type GuestOptions, runGuest } from "./guest-phase.ts";
import { findOutput } from "./output.ts";

/** What a build starts from. */
export type BuildSource =
  | { readonly kind: "new"; readonly machineFile: string; readonly sizeGib: number }
  | { readonly kind: "image"; readonly archive: string };

/** What `prepare` works with. */
export interface Preparation {
  /** An existing folder for what is made; it goes when the build ends. */
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
  /** A person works in the guest, and is asked what to do each time that it is off. */
  readonly byHand?: boolean;
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
  const report = createReport<BuildEvent>(session.record, context.onEvent);
  const { folder } = session.paths;
  report({ type: "build-started", title: plan.title, session: session.id, folder, output });
  for (const text of session.cleared) report({ type: "note", text });
  try {
    const { working } = session.paths;
    const hostCommands = session.host.runner(signal, (text) => report({ type: "output", text }));
    const cdRoms = await plan.prepare({ folder: working, report, run: hostCommands, signal });
    const image = join(working, "image");
    const note = (text: string) => report({ type: "note", text });
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
    const run = (onNote: (text: string) => void) =>
      runGuest(plan, { paths, session, image, cdRoms, report, onNote, signal });
    const workByHand = async () => {
      await makeDisk(note);
      const runOnce = () =>
        run(note).catch(async (error) => {
          await rememberKvmTrouble(paths, error);
          throw error;
        });
      return await runByHand({ run: runOnce, choice: session.choice, report, signal });
    };
    const workAlone = (onNote: (text: string) => void) => makeDisk(onNote).then(() => run(onNote));
    const guestMilliseconds = plan.byHand
      ? await workByHand()
      : await withoutKvmIfItFails(paths, note, workAlone);
    const packed = await performStep(report, "pack", async (onProgress) => {
      writeFileSync(session.paths.packing, output);
      return await packArchive({ folder: image, target: output, signal, onProgress, onNote: note });
    });
    rememberImage(paths, packed.digest);
    const result = { path: output, size: packed.size, digest: packed.digest, guestMilliseconds };
    report({ type: "build-finished", result });
    return result;
  } catch (thrown) {
    const error = withEvidence(toAppError(thrown), session.paths);
    report({ type: "build-failed", error: error.toJSON() });
    throw error;
  }
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
