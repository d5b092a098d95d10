import { memo, type Ref, useEffect, useImperativeHandle, useMemo, useState } from "react";
import { stripControls } from "../../../shared/text/strip-controls.ts";
import { textOfBuildLog } from "../../state/builds/build-log-text.ts";
import { buildRows, type Folds, placeOfRow, stepOfRow, textOfRows } from "../../state/builds/build-rows.ts";
import type { BuildView } from "../../state/builds/build-view.ts";
import { findInRow } from "../../ui/log/log-search.ts";
import { LogView } from "../../ui/log/log-view.tsx";
import { useLog } from "../../ui/log/use-log.ts";
import { saveText } from "../../ui/save-text.ts";
import { BuildLogRow, type CommandRow } from "./build-log-row.tsx";
import "./build-log.css";

/** The operations on the log for other views. */
export interface BuildLogHandle {
  /** Shows the lines of a step from their beginning. */
  showStep(index: number): void;
}

interface BuildLogProps {
  readonly session: string;
  readonly view: BuildView;
  /** Whether the build still has something to do. */
  readonly isWorking: boolean;
  readonly now: number;
  /** The index of the step that a person has picked. */
  readonly picked: number | undefined;
  /** Called with the index of the step whose lines are visible: at the end, or where a person has scrolled to. */
  readonly onStep: (index: number) => void;
  readonly ref: Ref<BuildLogHandle>;
}

/** The log of a build's guest and host, step by step, with the output of commands that fold. */
export const BuildLog = memo(function BuildLog(props: BuildLogProps) {
  const { session, view, isWorking, now, picked, onStep, ref } = props;
  const [folds, setFolds] = useState<Folds>(new Map());
  const rows = useMemo(() => buildRows(view, folds), [view, folds]);
  const fold = (command: number | undefined, isOpen: boolean) => {
    if (command !== undefined) setFolds((now) => new Map(now).set(command, isOpen));
  };
  const log = useLog({
    count: rows.length,
    keys: { at: (position) => rows[position]?.number, find: (number) => placeOfRow(rows, number) },
    textOf: () => textOfRows(rows),
    // Pieces of one line are searched one by one.
    find: (sought) =>
      view.lines.flatMap(({ number, text }) => findInRow(number, stripControls(text), sought)),
    onFound: (found) => fold(view.lines.find(({ number }) => number === found)?.command, true),
    // The output of a running command that is being read does not fold when the command ends.
    onLeaveEnd: () => fold(view.command, true),
  });
  const toggle = ({ number, isOpen }: CommandRow) => {
    if (!isOpen) log.follow(false);
    fold(number, !isOpen);
  };
  useImperativeHandle(ref, () => ({ showStep: (index) => log.showRow(view.stepNumbers[index] ?? 0) }));

  const tellStep = () => {
    const inSight = log.follows ? rows.at(-1) : rows[log.list.firstInSight()];
    onStep(stepOfRow(view.stepNumbers, inSight?.number ?? 0));
  };
  useEffect(tellStep);

  return (
    <LogView
      log={log}
      label="Lines of the log"
      dropped={view.dropped}
      empty={isWorking ? "No output yet." : "No output."}
      onScroll={tellStep}
      onSave={() => saveText(`${session}.log`, textOfBuildLog(view))}
    >
      {(place) => {
        const row = rows[place.number];
        const isPicked = row && picked !== undefined && stepOfRow(view.stepNumbers, row.number) === picked;
        return (
          row && (
            <BuildLogRow
              row={row}
              place={place}
              build={view.build}
              isWorking={isWorking}
              isPicked={isPicked ?? false}
              now={now}
              onToggle={toggle}
            />
          )
        );
      }}
    </LogView>
  );
});
