import { ChevronDown, ChevronRight } from "lucide-react";
import { memo } from "react";
import { describeExit } from "../../../shared/guest/task-outcome.ts";
import { buildSteps } from "../../../shared/session/build.ts";
import { formatTimeOfDay } from "../../../shared/text/format.ts";
import { stripControls } from "../../../shared/text/strip-controls.ts";
import type { LogRow } from "../../state/builds/build-rows.ts";
import type { BuildView, LogLine } from "../../state/builds/build-view.ts";
import { type LogRowPlace, placeRow } from "../../ui/log/log-row.ts";
import { LogText } from "../../ui/log/log-text.tsx";
import { elapsed } from "./elapsed.ts";
import { stepMark } from "./step-mark.ts";

/** A row of a command of the host. */
export type CommandRow = Extract<LogRow, { kind: "command" }>;

interface BuildLogRowProps {
  readonly row: LogRow;
  readonly place: LogRowPlace;
  readonly build: BuildView["build"];
  readonly isWorking: boolean;
  /** Whether a person has picked its step. */
  readonly isPicked: boolean;
  readonly now: number;
  readonly onToggle: (row: CommandRow) => void;
}

/** A row of a build's log: a step's name, a command of the host with how it ended, or a line. */
export function BuildLogRow({ row, place, build, isWorking, isPicked, now, onToggle }: BuildLogRowProps) {
  if (row.kind === "line") return <LineRow line={row.line} isPicked={isPicked} {...place} />;
  const common = { ...placeRow(place), "data-picked": isPicked || undefined };
  if (row.kind === "step")
    return (
      <h3 className="log-row log-step" {...common} data-state={stepMark(build, row.index, isWorking).state}>
        {buildSteps[row.step.step]}
      </h3>
    );
  const { line, end, isOpen } = row;
  const isBad = end !== undefined && end.exit.status !== 0 && build.outcome.status !== "cancelled";
  return (
    <button
      type="button"
      className="log-row log-command"
      {...common}
      title={line.text}
      aria-expanded={isOpen}
      data-state={isBad ? "bad" : undefined}
      onClick={() => onToggle(row)}
    >
      <time>{formatTimeOfDay(line.time)}</time>
      <span>host</span>
      {isOpen ? <ChevronDown size={16} aria-hidden /> : <ChevronRight size={16} aria-hidden />}
      <code>
        <LogText text={stripControls(line.text)} sought={place.sought} current={place.current} />
      </code>
      <span className="log-command-end">{describeEnd(row, isWorking, now)}</span>
    </button>
  );
}

interface LineRowProps extends LogRowPlace, Pick<BuildLogRowProps, "isPicked"> {
  readonly line: LogLine;
}

/** Most rows are lines, which never change. */
const LineRow = memo(function LineRow({ line, isPicked, ...place }: LineRowProps) {
  return (
    <div
      className={`log-row log-line log-${line.from}`}
      {...placeRow(place)}
      data-picked={isPicked || undefined}
      data-printed={line.command !== undefined || undefined}
      data-continued={line.isContinued}
    >
      <time>{formatTimeOfDay(line.time)}</time>
      <span>{line.from}</span>
      <code>
        <LogText text={stripControls(line.text)} sought={place.sought} current={place.current} />
      </code>
    </div>
  );
});

function describeEnd({ line, end }: CommandRow, isWorking: boolean, now: number): string {
  if (end) return `${describeExit(end.exit)}, ${elapsed(line.time, end.time)}`;
  return isWorking ? `running, ${elapsed(line.time, now)}` : "did not end";
}
