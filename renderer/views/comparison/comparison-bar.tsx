import { ArrowDown, ArrowUp, FoldVertical, RefreshCw } from "lucide-react";
import { formatCount } from "../../../shared/text/format.ts";
import type { Command } from "../../state/commands/commands.ts";
import { Button, IconButton } from "../../ui/button.tsx";

interface ComparisonBarProps {
  /** Numbers of pairs. */
  readonly all: number;
  readonly different: number;
  /** The chosen one among the pairs that differ, from 1. */
  readonly place: number | undefined;
  /** Of both sessions, also those that are compared. */
  readonly emptyPolls: number;
  readonly withPolls: boolean;
  readonly onWithPolls: (withPolls: boolean) => void;
  readonly next: Command;
  readonly previous: Command;
  readonly folds: boolean;
  readonly onFolds: (folds: boolean) => void;
  /** Absent if both sessions had ended when they were compared. */
  readonly onAgain: (() => void) | undefined;
  readonly isRunning: boolean;
  readonly isReading: boolean;
}

/** The result of a comparison in words, the exchanges that it leaves out, and its buttons. */
export function ComparisonBar(props: ComparisonBarProps) {
  const { all, different, place, emptyPolls, withPolls, next, previous, folds, isRunning, isReading } = props;
  return (
    <div className="comparison-bar">
      <p role="status">{describeDifferences(all, different)}</p>
      {emptyPolls > 0 && (
        <span className="comparison-polls">
          {formatCount(emptyPolls, "poll")} without an action {withPolls ? "compared, too" : "left out"}
          <Button
            look="quiet"
            hint="How many there are depends on the time that passed"
            aria-pressed={withPolls}
            disabledReason={isReading ? "The sessions are being compared" : undefined}
            onClick={() => props.onWithPolls(!withPolls)}
          >
            Compare all polls
          </Button>
        </span>
      )}
      {place !== undefined && (
        <span className="comparison-place">
          {place} of {different}
        </span>
      )}
      <IconButton
        icon={ArrowUp}
        label="Previous difference"
        keys="Shift+F7"
        disabledReason={previous.unavailable}
        onClick={previous.run}
      />
      <IconButton
        icon={ArrowDown}
        label="Next difference"
        keys="F7"
        disabledReason={next.unavailable}
        onClick={next.run}
      />
      <IconButton
        icon={FoldVertical}
        label="Fold equal exchanges"
        pressed={folds}
        onClick={() => props.onFolds(!folds)}
      />
      {props.onAgain && (
        <Button
          look="quiet"
          icon={RefreshCw}
          hint={isRunning ? "Takes the exchanges that came since" : undefined}
          disabledReason={isReading ? "The sessions are being compared" : undefined}
          onClick={props.onAgain}
        >
          Compare again
        </Button>
      )}
    </div>
  );
}

function describeDifferences(all: number, different: number): string {
  if (all === 0) return "No exchanges";
  if (different === 0) return all === 1 ? "The only exchange is equal" : `All ${all} exchanges are equal`;
  return `${different} of ${formatCount(all, "exchange")} ${different === 1 ? "differs" : "differ"}`;
}
