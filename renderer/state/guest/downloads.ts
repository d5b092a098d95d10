import { createStore } from "zustand/vanilla";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import { sessionClient } from "../../client/api-client.ts";
import { whenClosed } from "../sessions/session-memory.ts";

/** A copy of a guest's file that was asked for in this window. */
export interface Download {
  readonly number: number;
  readonly session: string;
  /** The path in the guest. */
  readonly source: string;
  /** On the host. */
  readonly target: string;
  readonly bytes: number;
  /** When the guest tells it. */
  readonly total?: number | undefined;
  readonly status: "running" | "done" | "failed" | "cancelled";
  readonly error?: ErrorData | undefined;
  readonly cancel: () => void;
}

export const downloads = createStore<{ readonly all: readonly Download[] }>(() => ({ all: [] }));

whenClosed((isOpen) =>
  downloads.setState(({ all }) => ({ all: all.filter(({ session }) => isOpen(session)) })),
);

let count = 0;

/** Copies a file of the guest's to a new file on the host: it continues when the view that shows it is closed. */
export async function startDownload(session: string, source: string, target: string): Promise<void> {
  count += 1;
  const number = count;
  const controller = new AbortController();
  const begun: Download = {
    number,
    session,
    source,
    target,
    bytes: 0,
    status: "running",
    cancel: () => controller.abort(new Error("cancelled")),
  };
  downloads.setState(({ all }) => ({ all: [...all, begun] }));
  try {
    const { signal } = controller;
    const transfer = await sessionClient(session).guest.getArtifact({ path: source, target }, { signal });
    for (;;) {
      const { done, value } = await transfer.next();
      if (done) return change(number, { status: "done", bytes: value.bytes, total: value.bytes });
      change(number, value);
    }
  } catch (thrown) {
    if (controller.signal.aborted) change(number, { status: "cancelled" });
    else change(number, { status: "failed", error: toAppError(thrown).toJSON() });
  }
}

/** Removes an ended download from the list; its file stays. */
export function forgetDownload(number: number): void {
  downloads.setState(({ all }) => ({ all: all.filter((one) => one.number !== number) }));
}

function change(number: number, changed: Partial<Download>): void {
  downloads.setState(({ all }) => ({
    all: all.map((one) => (one.number === number ? { ...one, ...changed } : one)),
  }));
}
