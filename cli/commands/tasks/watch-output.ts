import { escapeText } from "../../../shared/text/escape-name.ts";
import { formatDuration } from "../../../shared/text/format.ts";
import { stripControls } from "../../../shared/text/strip-controls.ts";
import {
  describeReason,
  describeRelation,
  describeStrip,
  describeWork,
  fastLabel,
  isNews,
  markOf,
} from "../../../shared/watch/round-words.ts";
import {
  initialWatchState,
  type RoundState,
  reduceWatch,
  type Verdict,
  type WatchEvent,
  type WatchState,
} from "../../../shared/watch/watch.ts";
import { divertMessages, notifyTerminal, print, printJson } from "../../support/print.ts";
import { createLines } from "../../support/terminal-lines.ts";

interface WatchOutputOptions {
  readonly json?: boolean;
  readonly notify?: boolean;
}

/** Shows a watch to the person who runs the command. */
interface WatchOutput extends Disposable {
  readonly onEvent: (event: WatchEvent) => void;
}

/** A block for each round on stdout, and a line about the work under way on a terminal; or JSON, one event a line. */
export function createWatchOutput({ json, notify = false }: WatchOutputOptions): WatchOutput {
  if (json) return { onEvent: (event) => printJson(event), [Symbol.dispose]: () => {} };
  const status = process.stderr.isTTY ? statusLine() : undefined;
  let state = initialWatchState;
  let told: Pick<Verdict, "outcome"> | undefined;
  return {
    onEvent: (event) => {
      state = reduceWatch(state, event);
      const lines = linesOf(event, state);
      if (lines.length > 0) {
        status?.clear();
        print(`${lines.join("\n")}\n`);
      }
      if (event.type === "verdict") {
        if (notify && isNews(told, event)) notifyTerminal(`${markOf(event)}: ${event.text}`);
        told = event;
      }
      status?.show(state);
    },
    [Symbol.dispose]: () => status?.[Symbol.dispose](),
  };
}

/** The lines that an event adds. */
export function linesOf(event: WatchEvent, state: WatchState): readonly string[] {
  const round = "round" in event ? state.rounds.find((one) => one.round === event.round) : undefined;
  switch (event.type) {
    case "watch-started":
      return [`${event.title} (session ${event.session}): ${event.check || "an empty task"}`];
    case "round-started":
      return round ? [`round ${event.round}: ${describeReason(round)}`] : [];
    case "no-fast-verdict":
      return event.round > 1 ? [`  no fast verdict: ${event.reason}`] : [];
    case "round-waits":
      return [`  waiting: ${event.reason}`];
    case "verdict":
      return round ? verdictLines(event, round, state) : [];
    case "round-overtaken":
      return [`  overtaken by a newer change`];
    case "note":
      return [`note: ${event.text}`];
    default:
      return [];
  }
}

type VerdictEvent = Extract<WatchEvent, { readonly type: "verdict" }>;

function verdictLines(event: VerdictEvent, round: RoundState, state: WatchState): readonly string[] {
  const isTrue = event.kind === "true";
  const name = isTrue ? "true verdict" : `fast verdict (${fastLabel})`;
  const relation = isTrue ? describeRelation(round) : undefined;
  const first = `  ${markOf(event)}  ${name} after ${formatDuration(event.after)}: ${stripControls(event.text)}`;
  const places = [event.session && `session ${event.session}`, event.log].filter((place) => place);
  return [
    relation ? `${first}; ${stripControls(relation)}` : first,
    ...event.lines.map((line) => `      ${stripControls(line)}`),
    ...(event.outcome === "failed" && places.length > 0 ? [`      ${places.join(", ")}`] : []),
    ...(isTrue ? [`  last: ${describeStrip(state.rounds)}`] : []),
  ];
}

/** The interval of updates of the running time, in milliseconds. */
const redrawMilliseconds = 200;

/** A line at the end of the terminal about the work under way. */
function statusLine() {
  const log = createLines();
  let state: WatchState | undefined;
  const draw = () => state && log(escapeText(describeStatus(state, Date.now())));
  const timer = setInterval(draw, redrawMilliseconds);
  const diverted = divertMessages((text) => log.persist(text.replace(/\n$/, "")));
  return {
    show: (now: WatchState) => {
      state = now;
      draw();
    },
    clear: () => log.clear(),
    [Symbol.dispose]: () => {
      clearInterval(timer);
      diverted[Symbol.dispose]();
      log.clear();
    },
  };
}

/** The work under way in a line. */
export function describeStatus({ rounds, outcome }: WatchState, now: number): string {
  if (outcome.status !== "running") return "";
  const round = rounds.at(-1);
  const keys = "r: check again, q: quit";
  if (!round) return `reading the watched files (${keys})`;
  if (round.status !== "running") return `waiting for a change (${keys})`;
  const work = describeWork(round);
  return `… round ${round.round}, ${formatDuration(now - round.saved)}: ${work} (${keys})`;
}
