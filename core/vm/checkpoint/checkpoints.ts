import { randomBytes } from "node:crypto";
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  type Checkpoint,
  type CheckpointEvent,
  checkpointNameSchema,
  endedByGoBack,
} from "../../../shared/checkpoint/checkpoint.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { nearestName } from "../../../shared/text/nearest-name.ts";
import type { Restore, Rewindable } from "../../async/rewindable.ts";
import { diskReserve, requireSpace } from "../../files/free-space.ts";
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
  /** Cuts what is between the guest and the host. @param why for the person */
  readonly cut: (why: string) => void;
  readonly record: Report<CheckpointEvent>;
  readonly onChange: () => void;
  /** Called when the guest has gone back, and runs again unless it is paused. */
  readonly onWentBack: (name: string) => void;
}

interface Kept extends Checkpoint {
  readonly snapshot: Snapshot;
  readonly restoreCd: Restore;
  readonly restoreView: readonly Restore[];
  readonly connections: readonly GuestConnection[];
  /** Milliseconds by which the guest's clock was behind, and the time by `performance.now()`. */
  readonly behind: number;
  readonly made: number;
}

export function createCheckpoints(options: CheckpointsOptions): Checkpoints {
  const { qmp, files, pauseReasons, clock, record, onChange } = options;
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
    if (kept.length >= maximumCheckpoints) throw tooMany();
    if (pauseReasons.has("space")) throw waitsForSpace();
    await requireSpace("the checkpoint", [{ folder: files.working, bytes: options.memory + diskReserve }]);
    // Another virtual machine may have left some in the same layer.
    const tag = `checkpoint-${randomBytes(4).toString("hex")}`;
    const snapshot = { tag, memoryFile: join(files.working, `${tag}.memory`) };
    const time = Date.now();
    try {
      const { result, pausedFor } = await whilePaused(qmp, pauseReasons, async () => {
        const made = { behind: clock.behind(), made: performance.now() };
        const connections = await openConnections(qmp);
        const restoreCd = await options.cdDrive.remember();
        const restoreView = await Promise.all(options.view.map((one) => one.remember()));
        await saveSnapshot(qmp, snapshot);
        return { ...made, connections, restoreCd, restoreView };
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

  return {
    list: () => kept.map(({ name, time, size }) => ({ name, time, size })),
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

function badName(message: string): AppError {
  return new AppError({ code: "usage", message, advice: "Choose another name.", field: "name" });
}

function unknown(name: string, kept: readonly Checkpoint[]): AppError {
  const names = kept.map((one) => one.name);
  const near = nearestName(name, names);
  return new AppError({
    code: "usage",
    message: `this virtual machine has no checkpoint ${JSON.stringify(name)}`,
    advice:
      near === undefined
        ? "List the checkpoints with tinsmith checkpoint list."
        : `Do you mean ${JSON.stringify(near)}? tinsmith checkpoint list lists them.`,
  });
}

function impossible(problem: string): AppError {
  return new AppError({
    code: "usage",
    message: `this virtual machine can't have checkpoints: ${problem}`,
  });
}

function tooMany(): AppError {
  return new AppError({
    code: "busy",
    message: `this virtual machine has ${maximumCheckpoints} checkpoints already`,
    advice: "Delete one that you no longer need, with tinsmith checkpoint delete.",
  });
}

function waitsForSpace(): AppError {
  return new AppError({
    code: "no-space",
    message: "the virtual machine waits for space on the host's disk, so that no checkpoint can be made",
    advice: "Free some space, then try again.",
  });
}

function notMade(name: string, error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  const { code, message, advice } = error;
  if (code !== "no-space" && code !== "qemu-failed") return error;
  return new AppError(
    {
      code,
      message: `the checkpoint ${JSON.stringify(name)} was not made: ${message}`,
      advice: advice ?? "The virtual machine runs on. The session's qemu.log may tell more.",
    },
    { cause: error },
  );
}

function notGoneBack(name: string, error: unknown): AppError {
  return new AppError(
    {
      code: "qemu-failed",
      message: `the virtual machine could not go back to ${JSON.stringify(name)}, and is paused: ${error instanceof Error ? error.message : error}`,
      advice: "Go back to another checkpoint. Or force the virtual machine off with tinsmith power kill.",
    },
    { cause: error },
  );
}
