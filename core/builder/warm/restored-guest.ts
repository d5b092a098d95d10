import { join } from "node:path";
import type { OnNote } from "../../../shared/session/note.ts";
import { copyLayer, type OpenedImage } from "../../image/archive/open-image.ts";
import type { CdRoms } from "../../qemu/arguments/qemu-arguments.ts";
import { identifyState, type StateSubject } from "../../states/capture-state.ts";
import { findOrAwaitState } from "../../states/state-store.ts";
import type { Paths, SessionPaths } from "../../storage/paths.ts";
import type { HostOptions } from "../../vm/vm-command.ts";
import { makeRestoredCd, stampRestoredCd } from "./restored-cd.ts";

/** The part of a build's plan that decides whether its guest continues from a saved state. */
interface RestorePlan extends Pick<HostOptions, "memory" | "internet"> {
  readonly source: { readonly kind: "new" } | { readonly kind: "image"; readonly archive: string };
  /** See `BuildPlan`. */
  readonly warmScript?: string | undefined;
}

interface RestoreContext {
  readonly paths: Paths;
  readonly session: { readonly id: string; readonly paths: SessionPaths };
  /** The disk that the guest would boot from. */
  readonly disk: { readonly folder: string; readonly image?: OpenedImage; readonly isGrown?: boolean };
  /** The CDs with which the guest would boot: the data CD is being made. */
  readonly cdRoms: Promise<CdRoms>;
  readonly onNote: OnNote;
  readonly signal: AbortSignal;
  /** Disposes of the state at the end of the build. */
  readonly cleanup: DisposableStack;
}

/**
 * Finds the saved state of the guest that a build is about to boot, and waits for one that is being saved. Its layer becomes that of the disk.
 *
 * @returns undefined when there is none.
 */
export async function findRestoredGuest(
  { source, warmScript, memory, internet }: RestorePlan,
  { paths, session, disk: { folder, image, isGrown }, cdRoms, onNote, signal, cleanup }: RestoreContext,
) {
  if (warmScript === undefined || source.kind === "new" || !image) return undefined;
  if (isGrown) {
    onNote("The guest boots, because its disk is larger than that of the setup image's saved state.");
    return undefined;
  }
  const subject: StateSubject = {
    ...{ paths, image, memory, internet, moment: "data-cd", archive: source.archive },
    ...{ files: session.paths, name: session.id },
  };
  // A trouble of this host is reported when the guest is about to boot.
  const found = await identifyState(subject).catch(() => undefined);
  const stored = found && (await findOrAwaitState(paths, { ...found, onNote, signal }));
  if (!stored) return undefined;
  cleanup.use(stored);
  copyLayer(stored.layer, join(folder, "layer.qcow2"));
  const { working } = session.paths;
  const dataCd = cdRoms.then(async ({ dataDrive }) => {
    if (typeof dataDrive !== "object") throw new Error("a guest that waits for a data CD has none");
    return await makeRestoredCd({ iso: dataDrive.iso, script: warmScript, folder: working });
  });
  // It may fail before anybody waits for it.
  dataCd.catch(() => {});
  const insert = async () => {
    const iso = await dataCd;
    await stampRestoredCd(iso, Date.now());
    return iso;
  };
  return { stored, dataCd, insert };
}
