import type { ErrorData } from "../errors/error-data.ts";
import { assertNever } from "../errors/errors.ts";
import type { BuildStep } from "../session/build.ts";

/** A cell is a worker image. Setup images and guest tools are built before the cells that share them. */
export type UnitKind = "setup" | "guest-tools" | "cell";

/** The ways in which the build of a unit ends. */
export type UnitResult = "succeeded" | "up-to-date" | "failed" | "cancelled";

/** An archive that is there after the build of a unit. */
export interface UnitArchive {
  readonly path: string;
  readonly size: number;
  /** SHA-256, in hexadecimal. */
  readonly digest: string;
}

/** An event of a matrix. `time` is in milliseconds since the epoch. */
export type MatrixEvent = { readonly time: number } & (
  | {
      readonly type: "matrix-started";
      /** The path of the recipe.yaml or matrix.yaml. */
      readonly matrix: string;
      readonly units: readonly { readonly unit: string; readonly kind: UnitKind }[];
    }
  /** A unit can't start yet. */
  | { readonly type: "unit-waits"; readonly unit: string; readonly reason: string }
  /** `expected` is the time of its last build, in milliseconds. */
  | { readonly type: "unit-started"; readonly unit: string; readonly expected?: number | undefined }
  | { readonly type: "unit-session"; readonly unit: string; readonly session: string }
  | { readonly type: "unit-step"; readonly unit: string; readonly step: BuildStep }
  | {
      readonly type: "unit-ended";
      readonly unit: string;
      readonly result: UnitResult;
      readonly archive?: UnitArchive | undefined;
      readonly error?: ErrorData | undefined;
    }
  | { readonly type: "matrix-paused"; readonly isPaused: boolean }
  | { readonly type: "matrix-finished"; readonly counts: Readonly<Record<UnitResult, number>> }
);

/** A unit of a matrix, and its build. */
export interface UnitState {
  readonly unit: string;
  readonly kind: UnitKind;
  readonly status: "waiting" | "running" | UnitResult;
  /** The reason why it waits. */
  readonly reason?: string | undefined;
  readonly session?: string | undefined;
  readonly step?: BuildStep | undefined;
  readonly started?: number;
  readonly finished?: number;
  readonly expected?: number | undefined;
  readonly archive?: UnitArchive | undefined;
  readonly error?: ErrorData | undefined;
}

/** All units of a matrix, in their order. It is changed in place: there can be thousands. */
export interface MatrixState {
  readonly units: Map<string, UnitState>;
  isPaused: boolean;
}

export function initialMatrixState(): MatrixState {
  return { units: new Map(), isPaused: false };
}

/** Brings a state up to date with one more event. */
export function applyMatrixEvent(state: MatrixState, event: MatrixEvent): void {
  const { units } = state;
  if (event.type === "matrix-started")
    for (const { unit, kind } of event.units) units.set(unit, { unit, kind, status: "waiting" });
  else if (event.type === "matrix-paused") state.isPaused = event.isPaused;
  else if (event.type !== "matrix-finished") {
    const before = units.get(event.unit);
    if (before) units.set(event.unit, { ...before, ...changesOf(event) });
  }
}

function changesOf(event: Extract<MatrixEvent, { readonly unit: string }>): Partial<UnitState> {
  switch (event.type) {
    case "unit-waits":
      return { status: "waiting", reason: event.reason };
    case "unit-started":
      return { status: "running", started: event.time, expected: event.expected, reason: undefined };
    case "unit-session":
      return { session: event.session };
    case "unit-step":
      return { step: event.step };
    case "unit-ended":
      return { status: event.result, archive: event.archive, error: event.error, finished: event.time };
    default:
      return assertNever(event);
  }
}

/** The number of units with each result. @param kind only those of that kind */
export function countResults(
  units: Iterable<UnitState>,
  kind?: UnitKind,
): Readonly<Record<UnitResult, number>> {
  const counts = { succeeded: 0, "up-to-date": 0, failed: 0, cancelled: 0 };
  for (const one of units) {
    if (kind !== undefined && one.kind !== kind) continue;
    if (one.status !== "waiting" && one.status !== "running") counts[one.status] += 1;
  }
  return counts;
}
