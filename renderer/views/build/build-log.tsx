import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDownToLine } from "lucide-react";
import {
  memo,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { buildRows, type Folds, placeOfRow, stepOfRow, textOfRow } from "../../state/builds/build-rows.ts";
import type { BuildView } from "../../state/builds/build-view.ts";
import { IconButton } from "../../ui/button.tsx";
import { useLogSelection } from "../../ui/use-log-selection.ts";
import { BuildLogRow, type CommandRow } from "./build-log-row.tsx";
import "./build-log.css";

/** Pixels of one row. */
const rowHeight = 18;

/** The operations on the log for other views. */
export interface BuildLogHandle {
  /** Shows the lines of a step from their beginning. */
  showStep(index: number): void;
}

interface BuildLogProps {
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

/** The place of a reader: a row, and how many pixels of it are above the edge. */
interface Place {
  readonly number: number;
  readonly above: number;
}

/**
 * The log of a build's guest and host, step by step. It follows the end until a person scrolls up; from then on the
 * visible lines stay in their place when lines are added, folded or dropped.
 */
export const BuildLog = memo(function BuildLog({ view, isWorking, now, picked, onStep, ref }: BuildLogProps) {
  const box = useRef<HTMLDivElement>(null);
  const place = useRef<Place>({ number: 0, above: 0 });
  const [wantsEnd, setFollows] = useState(true);
  const [folds, setFolds] = useState<Folds>(new Map());
  const rows = useMemo(() => buildRows(view, folds), [view, folds]);
  const { isHeld, release, handlers } = useLogSelection(box, () => rows.map(textOfRow).join("\n"));
  const follows = wantsEnd && !isHeld;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const settle = () => {
      // A panel that is out of sight scrolls nowhere.
      if (element.clientHeight === 0) return;
      const { number, above } = place.current;
      if (follows) element.scrollTop = element.scrollHeight;
      else element.scrollTop = placeOfRow(rows, number) * rowHeight + above;
      if (element.scrollHeight <= element.clientHeight) setFollows(true);
    };
    settle();
    const resized = new ResizeObserver(settle);
    resized.observe(element);
    return () => resized.disconnect();
  }, [rows, follows]);

  const rememberPlace = () => {
    const top = box.current?.scrollTop ?? 0;
    place.current = { number: rows[Math.floor(top / rowHeight)]?.number ?? 0, above: top % rowHeight };
  };
  const onScroll = () => {
    const { scrollTop, clientHeight, scrollHeight } = box.current ?? document.body;
    if (clientHeight === 0) return;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < rowHeight * 2;
    rememberPlace();
    // The output of a running command that is being read does not fold when the command ends.
    if (follows && !isAtEnd && view.command !== undefined) fold(view.command, true);
    setFollows(isAtEnd);
  };
  const fold = (command: number, isOpen: boolean) => setFolds((now) => new Map(now).set(command, isOpen));
  const toggle = ({ number, isOpen }: CommandRow) => {
    rememberPlace();
    if (!isOpen) setFollows(false);
    fold(number, !isOpen);
  };
  useImperativeHandle(ref, () => ({
    showStep: (index) => {
      place.current = { number: view.stepNumbers[index] ?? 0, above: 0 };
      if (box.current) box.current.scrollTop = placeOfRow(rows, place.current.number) * rowHeight;
      setFollows(false);
    },
  }));

  const inSight = follows ? rows.at(-1) : rows[virtual.range?.startIndex ?? 0];
  const step = stepOfRow(view.stepNumbers, inSight?.number ?? 0);
  useEffect(() => onStep(step), [onStep, step]);

  return (
    <section className="build-log" aria-label="Log">
      <header className="build-pane-head">
        <h2>Log</h2>
        {view.dropped > 0 && (
          <span>The first {view.dropped.toLocaleString("en")} lines are in the session's log.</span>
        )}
        <IconButton
          icon={ArrowDownToLine}
          label="Follow the log"
          pressed={follows}
          onClick={() => {
            release();
            setFollows(!follows);
          }}
        />
      </header>
      <div
        className="log"
        ref={box}
        onScroll={onScroll}
        {...handlers}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll the log.
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="Lines of the log"
      >
        {rows.length === 0 && <p className="log-empty">{isWorking ? "No output yet." : "No output."}</p>}
        <div style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            return (
              row && (
                <BuildLogRow
                  key={row.number}
                  row={row}
                  start={start}
                  build={view.build}
                  isWorking={isWorking}
                  isPicked={picked !== undefined && stepOfRow(view.stepNumbers, row.number) === picked}
                  now={now}
                  onToggle={toggle}
                />
              )
            );
          })}
        </div>
      </div>
    </section>
  );
});
