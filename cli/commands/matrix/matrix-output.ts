import { estimateRest, restOfUnit } from "../../../shared/matrix/estimate-rest.ts";
import {
  applyMatrixEvent,
  countResults,
  initialMatrixState,
  type MatrixEvent,
  type MatrixState,
  type UnitState,
} from "../../../shared/matrix/matrix-state.ts";
import { buildSteps } from "../../../shared/session/build.ts";
import { escapeText } from "../../../shared/text/escape-name.ts";
import { formatBytes, formatCount, formatDuration } from "../../../shared/text/format.ts";
import { divertMessages, print, printJson, printMessage } from "../../support/print.ts";
import { createLines } from "../../support/terminal-lines.ts";

/** Shows the builds of a matrix to the person who runs the command. */
interface MatrixOutput extends Disposable {
  readonly onEvent: (event: MatrixEvent) => void;
  readonly printSummary: (state: MatrixState) => void;
}

/** A table that changes in place on a terminal, plain lines in a pipe, one JSON object a line on stdout when asked. */
export function createMatrixOutput({ json }: { readonly json: boolean }): MatrixOutput {
  if (json)
    return { onEvent: (event) => printJson(event), printSummary: () => {}, [Symbol.dispose]: () => {} };
  const table = process.stderr.isTTY ? liveTable() : undefined;
  const state = initialMatrixState();
  const told = new Map<string, string>();
  return {
    onEvent: (event) => {
      applyMatrixEvent(state, event);
      const line = lineOf(event, state, { told, isLive: table !== undefined });
      if (line !== undefined) printMessage(`${line}\n`);
      table?.show(state);
    },
    printSummary: (end) => {
      table?.[Symbol.dispose]();
      print(describeSummary(end));
    },
    [Symbol.dispose]: () => table?.[Symbol.dispose](),
  };
}

interface LineOptions {
  /** The kinds of reasons that were told, by unit: a figure that changes is not news. */
  readonly told: Map<string, string>;
  /** Whether a table shows the units that wait and run. */
  readonly isLive: boolean;
}

/** The line that an event adds. */
export function lineOf(
  event: MatrixEvent,
  { units }: MatrixState,
  { told, isLive }: LineOptions,
): string | undefined {
  switch (event.type) {
    case "matrix-started": {
      const cells = event.units.filter(({ kind }) => kind === "cell").length;
      return `${event.matrix}: ${formatCount(cells, "cell")}`;
    }
    case "unit-waits": {
      const [kind = ""] = event.reason.split(":");
      if (isLive || told.get(event.unit) === kind) return undefined;
      told.set(event.unit, kind);
      return `${event.unit}: waits for ${event.reason}`;
    }
    case "unit-session":
      return isLive ? undefined : `${event.unit}: started (session ${event.session})`;
    case "unit-ended": {
      const unit = units.get(event.unit);
      return unit && `${marks[event.result]} ${unit.unit}: ${describeEnd(unit)}`;
    }
    case "matrix-paused":
      return event.isPaused
        ? "Paused: builds that run continue, and no other starts. Press p to resume."
        : "Resumed.";
    default:
      return undefined;
  }
}

const marks = { succeeded: "✓", "up-to-date": "✓", failed: "✗", cancelled: "–" } as const;

function describeEnd({ status, started, finished, error, session }: UnitState): string {
  const took =
    started === undefined || finished === undefined ? "" : ` in ${formatDuration(finished - started)}`;
  const where = session === undefined ? "" : ` (session ${session})`;
  switch (status) {
    case "succeeded":
      return `built${took}`;
    case "up-to-date":
      return "up to date";
    case "failed":
      return `failed${took}: ${error?.message ?? "no reason is known"}${where}`;
    default:
      return "cancelled";
  }
}

/** The interval of updates of the running times on a terminal, in milliseconds. */
const redrawMilliseconds = 200;

function liveTable() {
  const log = createLines();
  let state: MatrixState | undefined;
  const draw = () => {
    if (state) log(escapeText(tableOf(state, Date.now(), process.stderr.rows || usualRows)));
  };
  const timer = setInterval(draw, redrawMilliseconds);
  const diverted = divertMessages((text) => log.persist(text.replace(/\n$/, "")));
  return {
    show: (now: MatrixState) => {
      state = now;
    },
    [Symbol.dispose]: () => {
      clearInterval(timer);
      diverted[Symbol.dispose]();
      log.clear();
    },
  };
}

const usualRows = 24;
/** Lines of a terminal that are left for other text. */
const otherRows = 4;

/** The units that run and those that wait, as far as there are rows, and a line about all. */
export function tableOf(state: MatrixState, now: number, rows: number): string {
  const all = [...state.units.values()];
  const running = all.filter(({ status }) => status === "running");
  const waiting = all.filter(({ status }) => status === "waiting");
  const open = [...running, ...waiting];
  const shown = open.slice(0, Math.max(1, rows - otherRows));
  const width = shown.reduce((most, { unit }) => Math.max(most, unit.length), 0);
  const rest = open.length > shown.length ? [`  and ${open.length - shown.length} more`] : [];
  const left = estimateRest(all, now);
  const counts = [
    `${all.length - open.length} of ${all.length} done`,
    `${running.length} running`,
    ...(left === undefined || open.length === 0 ? [] : [`about ${formatDuration(left)} left`]),
    ...(state.isPaused ? ["paused"] : []),
  ];
  return [
    ...shown.map((unit) => `  ${unit.unit.padEnd(width)}  ${describeOpen(unit, now)}`),
    ...rest,
    `${counts.join(", ")} (p: ${state.isPaused ? "resume" : "pause"}, q: cancel)`,
  ].join("\n");
}

function describeOpen(unit: UnitState, now: number): string {
  const { status, reason, step, started = now } = unit;
  if (status === "waiting") return reason === undefined ? "waits" : `waits for ${reason}`;
  const left = restOfUnit(unit, now);
  const name = step === undefined ? "starts" : buildSteps[step];
  const time = formatDuration(now - started).padStart(10);
  return `${name.padEnd(12)}${time}${left === undefined ? "" : `  about ${formatDuration(left)} left`}`;
}

/** All cells at the end, those that have failed last. */
export function describeSummary({ units }: MatrixState): string {
  const cells = [...units.values()].filter(({ kind }) => kind === "cell");
  const counts = countResults(cells);
  const words = [
    `${counts.succeeded} built`,
    `${counts["up-to-date"]} up to date`,
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(counts.cancelled > 0 ? [`${counts.cancelled} cancelled`] : []),
  ];
  const built = cells.flatMap(({ archive }) =>
    archive ? [`${archive.path}: ${formatBytes(archive.size)}, sha256 ${archive.digest}`] : [],
  );
  const failed = [...units.values()].filter(({ status }) => status === "failed");
  const lines = failed.flatMap((unit) => [
    `${unit.unit}: ${describeEnd(unit)}`,
    ...(unit.error?.details ?? []).map((line) => `  ${line}`),
    ...(unit.error?.advice === undefined ? [] : [`  ${unit.error.advice}`]),
  ]);
  const again =
    failed.length + counts.cancelled > 0 ? ["Build these again with tinsmith matrix --failed."] : [];
  return `${[...built, ...lines, `${formatCount(cells.length, "cell")}: ${words.join(", ")}`, ...again].join("\n")}\n`;
}
