import { randomBytes } from "node:crypto";
import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  type Checkpoint,
  type CheckpointEvent,
  checkpointNameSchema,
  endedByGoBack,
} from "../../../shared/checkpoint/checkpoint.ts";
import type { Restore, Rewindable } from "../../async/rewindable.ts";
import { diskReserve, requireSpace } from "../../files/free-space.ts";
import { copyLayer } from "../../image/archive/open-image.ts";
import type { TaskProgress } from "../../metaservice/actions/task-progress.ts";
import type { GuestNetwork } from "../../qemu/arguments/network-arguments.ts";
import type { QmpClient } from "../../qemu/process/qmp-client.ts";
import { renewNetwork } from "../../qemu/process/renew-network.ts";
import {
  deleteSnapshot,
  dropSnapshot,
  loadSnapshot,
  type Snapshot,
  saveSnapshot,
} from "../../qemu/process/snapshots.ts";
import {
  breakConnections,
  type GuestConnection,
  openConnections,
} from "../../qemu/process/stale-connections.ts";
import type { Report } from "../../session-record/report.ts";
import type { SessionPaths } from "../../storage/paths.ts";
import type { GuestClock } from "../../time/guest-clock.ts";
import type { PauseReasons } from "../pause/pause-reasons.ts";
import { whilePaused } from "../pause/while-paused.ts";
import {
  badName,
  impossible,
  notGoneBack,
  notKeepable,
  notMade,
  tooLarge,
  tooMany,
  unknown,
  waitsForSpace,
} from "./checkpoint-errors.ts";
import type { CopyFiles, KeptCopy } from "./saved-moment.ts";

/** Each may add as much to the disk's layer as the guest's disk has. */
const maximumCheckpoints = 32;

/** The checkpoints of a virtual machine, until it ends. One operation is done at a time. */
export interface Checkpoints {
  list(): readonly Checkpoint[];
  /**
   * Makes one of the present moment.
   *
   * @throws AppError `usage` for the name, or if this virtual machine can't have one; `no-space`; `qemu-failed`
   */
  make(name: string): Promise<Checkpoint>;
  /**
   * Goes back to one: the virtual machine and the host's view of it. A paused one stays paused.
   *
   * @throws AppError `usage` for the name, `missing-file` for a CD that is gone; `qemu-failed`, after which it stays paused
   */
  goBack(name: string): Promise<void>;
  /**
   * Keeps one after the virtual machine's end.
   *
   * @returns notes for the person who asked for it. @throws AppError `usage` when this one can't be kept; as the function that keeps it
   */
  keep(name: string): Promise<readonly string[]>;
  rename(name: string, newName: string): Promise<void>;
  delete(name: string): Promise<void>;
  /** Deletes all of a virtual machine that has ended, whose disk another one may use. @param layer the disk's */
  drop(layer: string): Promise<void>;
  /** Keeps the present moment for another virtual machine, which continues from it; it is in no list. @throws as `make` */
  saveMoment(moment: Snapshot): Promise<void>;
  /** Waits until no operation is under way. */
  settled(): Promise<void>;
}

/** The parts that a checkpoint is made of. */
export interface CheckpointsOptions {
  readonly qmp: QmpClient;
  readonly files: Pick<SessionPaths, "working" | "stateSocket">;
  /** The reason why this virtual machine can have none. */
  readonly problem?: string | undefined;
  /** Bytes of the guest's memory. */
  readonly memory: number;
  readonly network: GuestNetwork;
  /** Of the network card. */
  readonly mac: string;
  readonly pauseReasons: PauseReasons;
  readonly clock: GuestClock;
  /** Restored before the devices are. */
  readonly cdDrive: Rewindable;
  /** The host's view of the guest. */
  readonly view: readonly Rewindable[];
  /** The layer of the disk, and the disk below it. */
  readonly disk?: { readonly layer: string; readonly backing: string };
  /** The guest's progress with its task. */
  readonly progress: () => Readonly<TaskProgress>;
  /** Keeps one; without it, none can be kept. `copy` copies its files into new ones. */
  readonly keep?: ((checkpoint: KeptParts, copy: CopyFiles) => Promise<KeptCopy>) | undefined;
  /** The name of the CD in the drive. */
  readonly cdSource: () => Promise<string | undefined>;
  /** The most bytes that the memory of all checkpoints may take, now. */
  readonly limit: () => number;
  /** Cuts what is between the guest and the host. @param why for the person */
  readonly cut: (why: string) => void;
  readonly record: Report<CheckpointEvent>;
  readonly onChange: () => void;
  /** Called when the guest has gone back, and runs again unless it is paused. */
  readonly onWentBack: (name: string) => void;
}

/** The parts of a checkpoint by which another virtual machine continues from it. */
interface KeptParts {
  readonly name: string;
  readonly tag: string;
  /** Milliseconds since the epoch. */
  readonly saved: number;
  readonly connections: readonly GuestConnection[];
  readonly progress: Readonly<TaskProgress>;
}

interface Kept extends Omit<Checkpoint, "isKept"> {
  /** The folder of the copy that was kept last. */
  readonly copy?: string;
  readonly snapshot: Snapshot;
  readonly progress: Readonly<TaskProgress>;
  readonly cd: string | undefined;
  readonly restoreCd: Restore;
  readonly restoreView: readonly Restore[];
  readonly connections: readonly GuestConnection[];
  /** Milliseconds by which the guest's clock was behind, and the time by `performance.now()`. */
  readonly behind: number;
  readonly made: number;
}

export function createCheckpoints(options: CheckpointsOptions): Checkpoints {
  const { qmp, files, pauseReasons, clock, disk, record, onChange } = options;
  let kept: readonly Kept[] = [];
  const find = (name: string): Kept => {
    const found = kept.find((one) => one.name === name);
    if (!found) throw unknown(name, kept);
    return found;
  };
  const requireNew = (name: string): string => {
    const parsed = checkpointNameSchema.safeParse(name);
    if (!parsed.success) throw badName(parsed.error.issues[0]?.message ?? "the name is not valid");
    if (kept.some((one) => one.name === parsed.data))
      throw badName(`there is a checkpoint ${JSON.stringify(parsed.data)} already`);
    return parsed.data;
  };
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const mine = last.then(work, work);
    last = mine.catch(() => {});
    return mine;
  };

  const make = async (given: string): Promise<Checkpoint> => {
    if (options.problem !== undefined) throw impossible(options.problem);
    const name = requireNew(given);
    if (kept.length >= maximumCheckpoints) throw tooMany(maximumCheckpoints);
    if (pauseReasons.has("space")) throw waitsForSpace();
    const taken = kept.reduce((sum, { size }) => sum + size, 0);
    const limit = options.limit();
    if (taken + options.memory > limit) throw tooLarge({ taken, needed: options.memory, limit });
    await requireSpace("the checkpoint", [{ folder: files.working, bytes: options.memory + diskReserve }]);
    // Another virtual machine may have left some in the same layer.
    const tag = `checkpoint-${randomBytes(4).toString("hex")}`;
    const snapshot = { tag, memoryFile: join(files.working, `${tag}.memory`) };
    const time = Date.now();
    try {
      const { result, pausedFor } = await whilePaused(qmp, pauseReasons, async () => {
        const made = { behind: clock.behind(), made: performance.now() };
        const connections = await openConnections(qmp);
        const progress = options.progress();
        const cd = await options.cdSource();
        const restoreCd = await options.cdDrive.remember();
        const restoreView = await Promise.all(options.view.map((one) => one.remember()));
        await saveSnapshot(qmp, snapshot);
        return { ...made, connections, progress, cd, restoreCd, restoreView };
      });
      const size = statSync(snapshot.memoryFile).blocks * 512;
      const checkpoint = { name, time, size };
      kept = [...kept, { ...result, ...checkpoint, snapshot }];
      record({ type: "checkpoint-made", name, size, pausedFor });
      onChange();
      return checkpoint;
    } catch (error) {
      rmSync(snapshot.memoryFile, { force: true });
      throw notMade(name, error);
    }
  };

  const goBack = async (name: string): Promise<void> => {
    const checkpoint = find(name);
    const { pausedFor } = await whilePaused(qmp, pauseReasons, async () => {
      await checkpoint.restoreCd();
      options.cut(endedByGoBack(name));
      await renewNetwork(qmp, options.network);
      try {
        await loadSnapshot(qmp, checkpoint.snapshot);
      } catch (error) {
        pauseReasons.begin(
          "person",
          `paused: the virtual machine could not go back to ${JSON.stringify(name)}`,
        );
        throw notGoneBack(name, error);
      }
      for (const restore of checkpoint.restoreView) await restore();
      clock.setBehind(checkpoint.behind + performance.now() - checkpoint.made);
      await breakConnections(qmp, checkpoint.connections, {
        mac: options.mac,
        socketPath: files.stateSocket,
      });
    });
    record({ type: "went-back", name, pausedFor });
    onChange();
    options.onWentBack(name);
  };

  const problemOfKeeping = ({ cd }: Kept): string | undefined => {
    if (!options.keep || !disk) return "only runs of images can continue from one later";
    return cd === undefined ? undefined : `the CD ${cd} is in its drive`;
  };

  const describe = (one: Kept): Checkpoint => {
    const { name, time, size, copy, snapshot } = one;
    const isKept = copy !== undefined && existsSync(copy);
    const keepProblem = problemOfKeeping(one);
    const more = { ...(isKept && { isKept }), ...(keepProblem !== undefined && { keepProblem }) };
    return { name, time, size, ...more, ...(disk && { disk: { ...disk, snapshot: snapshot.tag } }) };
  };

  const keep = async (name: string): Promise<readonly string[]> => {
    const checkpoint = find(name);
    const { snapshot, time: saved, connections, progress, cd } = checkpoint;
    const problem = problemOfKeeping(checkpoint);
    if (problem !== undefined || !options.keep || !disk)
      throw notKeepable(
        name,
        problem ?? "",
        cd === undefined
          ? "It is there until this virtual machine ends."
          : "Eject the CD, then make another checkpoint.",
      );
    const { folder, notes } = await options.keep(
      { name, tag: snapshot.tag, saved, connections, progress },
      async (files) => {
        // Then nothing writes to the layer, and QEMU has written all of it.
        await whilePaused(qmp, pauseReasons, async () => {
          copyLayer(disk.layer, files.layer);
          copyLayer(snapshot.memoryFile, files.memory);
        });
      },
    );
    kept = kept.map((one) => (one === checkpoint ? { ...one, copy: folder } : one));
    onChange();
    return notes;
  };

  return {
    list: () => kept.map(describe),
    keep: (name) => inTurn(() => keep(name)),
    make: (name) => inTurn(() => make(name)),
    goBack: (name) => inTurn(() => goBack(name)),
    drop: async (layer) => {
      for (const { snapshot } of kept) await dropSnapshot(snapshot, layer);
      kept = [];
    },
    settled: async () => void (await last),
    saveMoment: (moment) =>
      inTurn(async () => {
        await requireSpace("the moment", [{ folder: files.working, bytes: options.memory + diskReserve }]);
        await whilePaused(qmp, pauseReasons, () => saveSnapshot(qmp, moment));
      }),
    rename: (name, newName) =>
      inTurn(async () => {
        const checkpoint = find(name);
        if (name === newName) return;
        const wanted = requireNew(newName);
        kept = kept.map((one) => (one === checkpoint ? { ...one, name: wanted } : one));
        onChange();
      }),
    delete: (name) =>
      inTurn(async () => {
        const checkpoint = find(name);
        await whilePaused(qmp, pauseReasons, () => deleteSnapshot(qmp, checkpoint.snapshot));
        kept = kept.filter((one) => one !== checkpoint);
        rmSync(checkpoint.snapshot.memoryFile, { force: true });
        onChange();
      }),
  };
}
