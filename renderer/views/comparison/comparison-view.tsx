import { ArrowDown, ArrowUp, FoldVertical, GitCompareArrows, RefreshCw } from "lucide-react";
import { useMemo, useState } from "react";
import { useStore } from "zustand";
import type { SessionComparison } from "../../../shared/session/session-comparison.ts";
import { formatCount } from "../../../shared/text/format.ts";
import { usePanelCommands } from "../../state/commands/use-panel-commands.ts";
import { comparisonRows, differentPairs } from "../../state/comparison/comparison-rows.ts";
import { useComparison } from "../../state/comparison/use-comparison.ts";
import { sessions } from "../../state/connection/app-state.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/messages/empty-state.tsx";
import { ErrorText } from "../../ui/messages/error-text.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import "../../ui/card.css";
import "./comparison.css";
import { PairDetail } from "./pair-detail.tsx";
import { PairList } from "./pair-list.tsx";
import { SessionHeads } from "./session-heads.tsx";

interface ComparisonViewProps {
  readonly sessions: readonly [first: string, second: string];
  readonly isActive: boolean;
}

/** Two sessions beside each other, exchange by exchange. */
export function ComparisonView({ sessions: [first, second], isActive }: ComparisonViewProps) {
  const { comparison, error, isReading, compareAgain } = useComparison(first, second);
  if (error && !comparison)
    return (
      <div className="comparison-error">
        <section className="card card-bad" role="alert">
          <h2>Tinsmith can't compare these sessions</h2>
          <ErrorText error={error} />
          <div className="card-actions">
            <Button icon={RefreshCw} onClick={compareAgain}>
              Compare again
            </Button>
          </div>
        </section>
      </div>
    );
  if (!comparison) return <ProgressBar label="Comparing the sessions" />;
  return (
    <Comparison
      // It begins again at the first difference.
      key={`${first} ${second}`}
      sessions={[first, second]}
      comparison={comparison}
      isReading={isReading}
      onAgain={compareAgain}
      isActive={isActive}
    />
  );
}

interface ComparisonProps extends ComparisonViewProps {
  readonly comparison: SessionComparison;
  readonly isReading: boolean;
  readonly onAgain: () => void;
}

function Comparison({ sessions: compared, comparison, isReading, onAgain, isActive }: ComparisonProps) {
  const { pairs, environments } = comparison;
  const different = useMemo(() => differentPairs(pairs), [pairs]);
  const [chosen, setChosen] = useState(different[0]);
  const [folds, setFolds] = useState(true);
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const rows = useMemo(() => comparisonRows(pairs, folds ? unfolded : "all"), [pairs, folds, unfolded]);
  const isRunning = useStore(sessions, ({ value }) =>
    (value ?? []).some(({ id, status }) => compared.includes(id) && status === "running"),
  );
  const [wasRunning] = useState(isRunning);
  const at = chosen ?? -1;
  const hasNext = different.some((index) => index > at);
  const hasPrevious = different.some((index) => index < at);
  const commands = useMemo(
    () => [
      {
        id: "compare.next",
        title: "Next difference",
        group: "Compare",
        unavailable: hasNext ? undefined : "There is no later difference",
        // A key may come before the choice of the last one is drawn.
        run: () => setChosen((last = -1) => different.find((index) => index > last) ?? last),
      },
      {
        id: "compare.previous",
        title: "Previous difference",
        group: "Compare",
        unavailable: hasPrevious ? undefined : "There is no earlier difference",
        run: () => setChosen((last = -1) => different.findLast((index) => index < last) ?? last),
      },
    ],
    [different, hasNext, hasPrevious],
  );
  usePanelCommands(isActive, commands);
  const pair = chosen === undefined ? undefined : pairs[chosen];
  return (
    <section className="comparison" aria-label="Comparison">
      <div className="comparison-bar">
        <p role="status">{describeDifferences(pairs.length, different.length)}</p>
        {chosen !== undefined && different.includes(chosen) && (
          <span className="comparison-place">
            {different.indexOf(chosen) + 1} of {different.length}
          </span>
        )}
        <IconButton
          icon={ArrowUp}
          label="Previous difference"
          keys="Shift+F7"
          disabledReason={commands[1]?.unavailable}
          onClick={commands[1]?.run}
        />
        <IconButton
          icon={ArrowDown}
          label="Next difference"
          keys="F7"
          disabledReason={commands[0]?.unavailable}
          onClick={commands[0]?.run}
        />
        <IconButton
          icon={FoldVertical}
          label="Fold equal exchanges"
          pressed={folds}
          onClick={() => {
            setFolds(!folds);
            setUnfolded(new Set());
          }}
        />
        {(isRunning || wasRunning) && (
          <Button
            look="quiet"
            icon={RefreshCw}
            hint={isRunning ? "Takes the exchanges that came since" : undefined}
            disabledReason={isReading ? "The sessions are being compared" : undefined}
            onClick={onAgain}
          >
            Compare again
          </Button>
        )}
      </div>
      <SessionHeads sessions={compared} environments={environments} />
      {pairs.length === 0 ? (
        <EmptyState icon={GitCompareArrows} title="No exchanges to compare">
          <p>
            Neither session has an exchange between guest tools and host, other than polls without an action.
          </p>
        </EmptyState>
      ) : (
        <PairList
          rows={rows}
          chosen={chosen}
          onChoose={setChosen}
          onUnfold={(from) => setUnfolded(new Set([...unfolded, from]))}
        />
      )}
      {pair && <PairDetail key={chosen} sessions={compared} pair={pair} />}
    </section>
  );
}

function describeDifferences(all: number, different: number): string {
  if (all === 0) return "No exchanges";
  if (different === 0) return all === 1 ? "The only exchange is equal" : `All ${all} exchanges are equal`;
  return `${different} of ${formatCount(all, "exchange")} ${different === 1 ? "differs" : "differ"}`;
}
