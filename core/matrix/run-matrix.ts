import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { RebuildPlan } from "../../shared/contracts/plan.ts";
import { AppError, toAppError } from "../../shared/errors/errors.ts";
import {
  applyMatrixEvent,
  countResults,
  initialMatrixState,
  type MatrixEvent,
  type MatrixState,
  type UnitArchive,
  type UnitResult,
} from "../../shared/matrix/matrix-state.ts";
import type { Note } from "../../shared/session/note.ts";
import { createTurns, type Turns } from "../async/take-turns.ts";
import { readBuildRecord } from "../builder/freshness/build-records.ts";
import { judgeRebuild, upToDateOf } from "../builder/freshness/judge-rebuild.ts";
import { UpToDate } from "../builder/freshness/up-to-date.ts";
import { makeFolder } from "../files/folders.ts";
import { readImageSet } from "../image-set/image-set.ts";
import type { Paths } from "../storage/paths.ts";
import { buildTools } from "./build-tools.ts";
import type { BuiltUnit, MatrixEngine } from "./engine.ts";
import type { ImageUnit, MatrixUnit, ToolsUnit } from "./units.ts";

/** Milliseconds before an archive that another process builds is looked at again. */
const busyInterval = 1_000;

/** An event before it has its time. */
type NewEvent = MatrixEvent extends infer Event
  ? Event extends unknown
    ? Omit<Event, "time">
    : never
  : never;

interface MatrixOptions {
  /** The path of the file that has the matrix. */
  readonly matrix: string;
  readonly units: readonly MatrixUnit[];
  readonly engine: MatrixEngine;
  readonly paths: Paths;
  readonly signal: AbortSignal;
  readonly onEvent: (event: MatrixEvent) => void;
  /** Called with notes for the person, each once. */
  readonly onNote?: (text: string) => void;
}

/** The end of a unit. */
interface UnitEnd {
  readonly result: UnitResult;
  readonly archive?: UnitArchive;
  readonly error?: AppError;
}

/**
 * Builds the units of a matrix, each when those that it needs are there. The failure of one ends only those that need it.
 *
 * @returns the state of all units at the end
 */
export async function runMatrix(options: MatrixOptions): Promise<MatrixState> {
  const { matrix, units, engine, paths, signal } = options;
  const state = initialMatrixState();
  const emit = (event: NewEvent) => {
    const timed = { ...event, time: Date.now() } as MatrixEvent;
    applyMatrixEvent(state, timed);
    options.onEvent(timed);
  };
  const noted = new Set<string>();
  const note = ({ text, about }: Note) => {
    // The cause of a missing KVM is told in other words the second time.
    const key = about === "accelerator" ? about : text;
    if (noted.has(key)) return;
    noted.add(key);
    options.onNote?.(text);
  };
  emit({ type: "matrix-started", matrix, units: units.map(({ name: unit, kind }) => ({ unit, kind })) });
  const ends = new Map<string, Promise<UnitEnd>>();
  const turns = { judging: createTurns(), tools: createTurns() };
  for (const unit of units) {
    const needed = unit.needs.map(async (name) => ({ name, end: await ends.get(name) }));
    const build = async (): Promise<UnitEnd> => {
      for (const { name, end } of await Promise.all(needed))
        if (end?.error) throw neededIsMissing(name, end.error);
      signal.throwIfAborted();
      const context = { engine, paths, signal, emit, note, turns };
      return unit.kind === "guest-tools"
        ? await buildToolsUnit(unit, context)
        : await buildUnit(unit, context);
    };
    const ended = build()
      .catch((thrown): UnitEnd => failed(thrown, signal))
      .then((end) => {
        const { result, archive, error } = end;
        emit({ type: "unit-ended", unit: unit.name, result, archive, error: error?.toJSON() });
        return end;
      });
    ends.set(unit.name, ended);
  }
  await Promise.all(ends.values());
  emit({ type: "matrix-finished", counts: countResults(state.units.values(), "cell") });
  return state;
}

function failed(thrown: unknown, signal: AbortSignal): UnitEnd {
  const error = toAppError(thrown);
  return { result: signal.aborted || error.code === "interrupted" ? "cancelled" : "failed", error };
}

interface UnitContext extends Pick<MatrixOptions, "engine" | "paths" | "signal"> {
  readonly emit: (event: NewEvent) => void;
  readonly note: (note: Note) => void;
  readonly turns: { readonly judging: Turns; readonly tools: Turns };
}

async function buildToolsUnit(unit: ToolsUnit, { signal, emit, turns }: UnitContext): Promise<UnitEnd> {
  const { name } = unit;
  // One command of a set at a time; those of other sets wait, too.
  return await turns.tools.take(async () => {
    emit({ type: "unit-started", unit: name });
    const isNew = await buildTools(unit, {
      signal,
      onWait: (reason) => emit({ type: "unit-waits", unit: name, reason }),
    });
    return { result: isNew ? "succeeded" : "up-to-date" };
  });
}

/** Builds an image, unless it is up to date. While another process builds the same archive, it waits and looks again. */
async function buildUnit(unit: ImageUnit, context: UnitContext): Promise<UnitEnd> {
  const { engine, paths, signal, emit, note, turns } = context;
  const { name, output, plan } = unit;
  const expected = expectedTime(paths, output);
  makeFolder(dirname(output));
  const findBuilt = (): Promise<BuiltUnit | undefined> =>
    turns.judging.take(async () => {
      signal.throwIfAborted();
      const judgement = await judgeRebuild(plan, paths, signal);
      const [{ known }, upToDate] = [judgement, upToDateOf(judgement)];
      return known && upToDate && { result: new UpToDate(known).result, upToDate };
    });
  const endOf = ({ result, upToDate }: BuiltUnit): UnitEnd => {
    const { path, size, digest } = result;
    return { result: upToDate ? "up-to-date" : "succeeded", archive: { path, size, digest } };
  };
  for (;;) {
    const built = await findBuilt();
    if (built) return endOf(built);
    requireInstallSteps(plan);
    try {
      const built = await engine.build(unit, {
        ...{ signal, findBuilt },
        onWait: (reason) => emit({ type: "unit-waits", unit: name, reason }),
        onStart: () => emit({ type: "unit-started", unit: name, expected }),
        onSession: (session) => emit({ type: "unit-session", unit: name, session }),
        onEvent: (event) => {
          if (event.type === "step-started") emit({ type: "unit-step", unit: name, step: event.step });
          if (event.type === "note") note(event);
        },
      });
      return endOf(built);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== "busy" || signal.aborted) throw error;
      emit({ type: "unit-waits", unit: name, reason: error.message });
      await delay(busyInterval, undefined, { signal });
    }
  }
}

/** A setup image without install steps is installed by a person, for whom nothing waits here. */
function requireInstallSteps({ image, folder }: RebuildPlan): void {
  if (image === "worker" || readImageSet(folder).recipe.install.length > 0) return;
  throw new AppError({
    code: "usage",
    message: `the recipe of ${folder} has no steps to install the setup image by`,
    advice: `Install it by hand first with tinsmith rebuild setup --by-hand, and leave out the axes machine, size and variables.`,
  });
}

/** The milliseconds that the last build of an archive took. */
function expectedTime(paths: Paths, output: string): number | undefined {
  return readBuildRecord(paths, output).known?.record.milliseconds;
}

function neededIsMissing(name: string, { code, message, advice, details }: AppError): AppError {
  return new AppError({
    code: code === "interrupted" ? code : "build-failed",
    message: `${name}, which it needs, was not built: ${message}`,
    advice,
    details,
  });
}
