import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { freeBytes } from "../../files/free-space.ts";
import type { QmpClient, QmpEvent } from "./qmp-client.ts";
import { RebootCounter } from "./reboot-counter.ts";
import type { Trouble } from "./vm-end.ts";

/** How long a guest is paused when the host lacks space. */
export interface SpaceWait {
  /** Bytes that must be free before it resumes; twice as many each time that it pauses again. */
  readonly neededBytes: number;
  readonly pollMilliseconds: number;
  /** After this the run or build fails: long enough for a person to see the note and to free space. */
  readonly limitMilliseconds: number;
}

export const defaultSpaceWait: SpaceWait = {
  neededBytes: 32 * 1024 ** 2,
  pollMilliseconds: 1_000,
  limitMilliseconds: 5 * 60_000,
};

export interface TroubleOptions {
  /** The folder that holds the guest's disk. */
  readonly diskFolder: string;
  /** Called with a note for the person when the guest is paused. */
  readonly onPause?: ((text: string) => void) | undefined;
  /** Called when the guest resumes. */
  readonly onResume?: ((text: string) => void) | undefined;
  /** Asked before the guest resumes: whether no other reason keeps it paused. */
  readonly mayGoOn?: (() => boolean) | undefined;
  readonly onTrouble: (trouble: Trouble) => void;
  readonly spaceWait?: SpaceWait | undefined;
}

/** The data of BLOCK_IO_ERROR in QEMU's QMP reference. */
const blockIoError = z.object({
  operation: z.string(),
  action: z.string(),
  nospace: z.boolean().default(false),
  reason: z.string(),
});
type BlockIoError = z.output<typeof blockIoError>;
const vmStatus = z.object({ status: z.string() });
const kvmInfo = z.object({ enabled: z.boolean() });

/**
 * Watches QEMU's events for conditions that keep a guest from finishing. A guest that lacks space on the host for its
 * disk is halted by QEMU, and resumes as soon as there is space: nothing is lost. Disposing it ends the watch.
 */
export class TroubleWatch implements Disposable {
  readonly #qmp: QmpClient;
  readonly #options: TroubleOptions;
  readonly #over = new AbortController();
  readonly #reboots = new RebootCounter();
  #waitsForSpace = false;
  #neededBytes: number;

  constructor(qmp: QmpClient, options: TroubleOptions) {
    this.#qmp = qmp;
    this.#options = options;
    this.#neededBytes = (options.spaceWait ?? defaultSpaceWait).neededBytes;
    qmp.on("event", this.#receive);
  }

  /** To be called at each sign that the guest makes progress. */
  signOfLife(): void {
    this.#reboots.clear();
  }

  [Symbol.dispose](): void {
    this.#qmp.off("event", this.#receive);
    this.#over.abort();
  }

  readonly #receive = (event: QmpEvent) => {
    // A command that QEMU refuses now is refused because QEMU is about to exit; its exit then says why.
    this.#handle(event).catch(() => {});
  };

  async #handle({ name, data }: QmpEvent): Promise<void> {
    if (name === "BLOCK_IO_ERROR") await this.#handleDiskError(blockIoError.parse(data));
    if (name === "STOP") await this.#checkStatus();
    if (name === "RESET" && data.guest === true) {
      const loop = this.#reboots.count(performance.now());
      if (loop) this.#options.onTrouble({ reason: "reboot-loop", ...loop });
    }
  }

  async #handleDiskError({ action, nospace, operation, reason }: BlockIoError): Promise<void> {
    if (action !== "stop" || this.#waitsForSpace) return;
    const trouble = { reason: "disk-error", operation, problem: reason } as const;
    if (!nospace) return this.#options.onTrouble(trouble);
    const { limitMilliseconds } = this.#options.spaceWait ?? defaultSpaceWait;
    if (await this.#spaceComes()) return;
    this.#options.onTrouble({ ...trouble, waitedSeconds: limitMilliseconds / 1000 });
  }

  /** Waits until there is space, and resumes the guest; false when none becomes free in time. */
  async #spaceComes(): Promise<boolean> {
    const { diskFolder, onPause, onResume, mayGoOn, spaceWait = defaultSpaceWait } = this.#options;
    const until = performance.now() + spaceWait.limitMilliseconds;
    this.#waitsForSpace = true;
    onPause?.(
      `paused: no space is left for the guest's disk in ${diskFolder}; the guest resumes when there are ${Math.ceil(this.#neededBytes / 1024 ** 2)} MiB`,
    );
    while (performance.now() < until) {
      await sleep(spaceWait.pollMilliseconds, undefined, { signal: this.#over.signal });
      if ((await freeBytes(diskFolder)) < this.#neededBytes) continue;
      // The free space may not be for this disk, as on an overcommitted one: then this must not repeat forever.
      this.#neededBytes *= 2;
      this.#waitsForSpace = false;
      // Reported first, or it would come after the report of the next pause.
      onResume?.("resumed: there is space for the guest's disk again");
      if (mayGoOn?.() ?? true) await this.#qmp.execute("cont");
      return true;
    }
    return false;
  }

  /** QEMU says that it stopped, but not why. */
  async #checkStatus(): Promise<void> {
    const { status } = vmStatus.parse(await this.#qmp.execute("query-status"));
    if (status !== "internal-error") return;
    const { enabled } = kvmInfo.parse(await this.#qmp.execute("query-kvm"));
    this.#options.onTrouble({ reason: "internal-error", kvm: enabled });
  }
}
