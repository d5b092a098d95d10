import { writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { AppError } from "../../shared/errors/errors.ts";
import type { OnNote } from "../../shared/session/note.ts";
import { formatBytes } from "../../shared/text/format.ts";
import { explainDiskError } from "../files/disk-errors.ts";
import { diskReserve, freeBytes } from "../files/free-space.ts";
import { cardPort } from "../qemu/arguments/network-arguments.ts";
import type { QmpClient } from "../qemu/process/qmp-client.ts";

/** Records all packets of a guest's network in a pcap file. */
export interface NetworkDump extends Disposable {
  /** The file that is being written; undefined while there is none. */
  target(): string | undefined;
  /**
   * Begins to write to a new file, for this user's eyes only, until `stop`, the end of the virtual machine, or the
   * quota.
   *
   * @throws AppError `busy` while another one is written; `file-exists`, `missing-file`, `no-permission` for the file
   */
  start(target: string): Promise<void>;
  stop(): Promise<void>;
}

interface NetworkDumpOptions {
  readonly onNote: OnNote;
  /** Called when it begins, and when it ends. */
  readonly onChange: () => void;
  /** Bytes of the file. */
  readonly quota?: number | undefined;
}

/** The traffic of a guest that says nothing but the protocol for days, and minutes of one that sends all it can. */
const defaultQuota = 256 * 1024 ** 2;
/** A guest under emulation sends a few MB in this time, by which the file may exceed its quota. */
const lookMilliseconds = 500;
/** QEMU's name for the recording. */
const id = "network-dump";

/** Makes the recorder of a virtual machine. Disposing it ends its watch, and leaves the file to QEMU's end. */
export function createNetworkDump(
  qmp: QmpClient,
  { onNote, onChange, quota = defaultQuota }: NetworkDumpOptions,
): NetworkDump {
  let current: { readonly target: string; readonly watch: NodeJS.Timeout } | undefined;
  const end = async (why: string) => {
    if (!current) return;
    clearInterval(current.watch);
    const { target } = current;
    current = undefined;
    await qmp.execute("object-del", { id });
    onNote(`${why} The network's packets are in ${target}.`);
    onChange();
  };
  const look = async (target: string) => {
    const { size } = await stat(target);
    if (size >= quota)
      await end(`The recording of the network has reached ${formatBytes(quota)}, and has ended.`);
    else if ((await freeBytes(target)) < diskReserve)
      await end("The recording of the network has ended, because the disk is nearly full.");
  };
  return {
    target: () => current?.target,
    start: async (target) => {
      if (current) throw isRecording(current.target);
      try {
        writeFileSync(target, "", { flag: "wx", mode: 0o600 });
      } catch (error) {
        throw explainDiskError(target, error);
      }
      // A file that somebody removes meanwhile is a loss to that person alone.
      const watch = setInterval(() => void look(target).catch(() => {}), lookMilliseconds).unref();
      current = { target, watch };
      try {
        await qmp.execute("object-add", { "qom-type": "filter-dump", id, netdev: cardPort, file: target });
      } catch (error) {
        clearInterval(watch);
        current = undefined;
        throw error;
      }
      onNote(`All packets of the guest's network are recorded in ${target}, unencrypted.`);
      onChange();
    },
    stop: () => end("The recording of the network was ended."),
    [Symbol.dispose]: () => clearInterval(current?.watch),
  };
}

function isRecording(target: string): AppError {
  return new AppError({
    code: "busy",
    message: `the network is being recorded already, in ${target}`,
    advice: "End that recording first.",
  });
}
