import { createStore } from "zustand/vanilla";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import { whenClosed } from "../sessions/session-memory.ts";

/** A copy of a file between the host and a guest, or out of an image, that was asked for in this window. */
export interface Transfer {
  readonly number: number;
  /** To this host, or into a guest. */
  readonly kind: "download" | "upload";
  /** The id of its session, or the path of its image. */
  readonly owner: string;
  readonly source: string;
  readonly target: string;
  readonly bytes: number;
  /** When it is known. */
  readonly total?: number | undefined;
  readonly status: "running" | "done" | "failed" | "cancelled";
  readonly error?: ErrorData | undefined;
  readonly cancel: () => void;
}

export const transfers = createStore<{ readonly all: readonly Transfer[] }>(() => ({ all: [] }));

whenClosed((isOpen) => transfers.setState(({ all }) => ({ all: all.filter(({ owner }) => isOpen(owner)) })));

let count = 0;

/**
 * Begins a transfer, which continues when the view that shows it is closed.
 *
 * @param work does it, and tells how far it is
 */
export async function runTransfer(
  what: Pick<Transfer, "kind" | "owner" | "source" | "target">,
  work: (
    signal: AbortSignal,
    onProgress: (progress: Pick<Transfer, "bytes" | "total">) => void,
  ) => Promise<Pick<Transfer, "bytes">>,
): Promise<void> {
  count += 1;
  const number = count;
  const controller = new AbortController();
  const cancel = () => controller.abort(new Error("cancelled"));
  const begun: Transfer = { ...what, number, bytes: 0, status: "running", cancel };
  transfers.setState(({ all }) => ({ all: [...all, begun] }));
  try {
    const { bytes } = await work(controller.signal, (progress) => change(number, progress));
    change(number, { status: "done", bytes, total: bytes });
  } catch (thrown) {
    if (controller.signal.aborted) change(number, { status: "cancelled" });
    else change(number, { status: "failed", error: toAppError(thrown).toJSON() });
  }
}

/** Removes a transfer that has ended from the list; its file stays. */
export function forgetTransfer(number: number): void {
  transfers.setState(({ all }) => ({ all: all.filter((one) => one.number !== number) }));
}

/** Removes the transfers of an owner that are done, or were cancelled: a person has seen how they ended. */
export function forgetDone(owner: string, kind: Transfer["kind"]): void {
  const isOver = (one: Transfer) =>
    one.owner === owner && one.kind === kind && (one.status === "done" || one.status === "cancelled");
  transfers.setState(({ all }) => ({ all: all.filter((one) => !isOver(one)) }));
}

function change(number: number, changed: Partial<Transfer>): void {
  transfers.setState(({ all }) => ({
    all: all.map((one) => (one.number === number ? { ...one, ...changed } : one)),
  }));
}
