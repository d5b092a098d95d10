import { GitCompareArrows, RefreshCw } from "lucide-react";
import { useMemo, useState } from "react";
import { useStore } from "zustand";
import type { SessionComparison } from "../../../shared/session/session-comparison.ts";
import { usePanelCommands } from "../../state/commands/use-panel-commands.ts";
import { comparisonRows, differentPairs } from "../../state/comparison/comparison-rows.ts";
import { useChosenPair } from "../../state/comparison/use-chosen-pair.ts";
import { useComparison } from "../../state/comparison/use-comparison.ts";
import { sessions } from "../../state/connection/app-state.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/messages/empty-state.tsx";
import { ErrorText } from "../../ui/messages/error-text.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import "../../ui/card.css";
import "./comparison.css";
import { ComparisonBar } from "./comparison-bar.tsx";
import { PairDetail } from "./pair-detail.tsx";
import { PairList } from "./pair-list.tsx";
import { SessionHeads } from "./session-heads.tsx";

interface ComparisonViewProps {
  readonly sessions: readonly [first: string, second: string];
  readonly isActive: boolean;
}

/** Two sessions beside each other, exchange by exchange. */
export function ComparisonView({ sessions: [first, second], isActive }: ComparisonViewProps) {
  const [withPolls, setWithPolls] = useState(false);
  const { comparison, error, isReading, compareAgain } = useComparison(first, second, withPolls);
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
      withPolls={withPolls}
      onWithPolls={setWithPolls}
      isActive={isActive}
    />
  );
}

interface ComparisonProps extends ComparisonViewProps {
  readonly comparison: SessionComparison;
  readonly isReading: boolean;
  readonly onAgain: () => void;
  readonly withPolls: boolean;
  readonly onWithPolls: (withPolls: boolean) => void;
}

const nothingUnfolded: ReadonlySet<number> = new Set();

function Comparison(props: ComparisonProps) {
  const { sessions: compared, comparison, isReading, onAgain, withPolls, onWithPolls, isActive } = props;
  const { pairs, environments, rules, emptyPolls } = comparison;
  const different = useMemo(() => differentPairs(pairs), [pairs]);
  const { chosen, choose } = useChosenPair(pairs, different[0]);
  const [folds, setFolds] = useState(true);
  /** The folds of another comparison have other places. */
  const [opened, setOpened] = useState({ pairs, from: nothingUnfolded });
  const unfolded = opened.pairs === pairs ? opened.from : nothingUnfolded;
  const rows = useMemo(() => comparisonRows(pairs, folds ? unfolded : "all"), [pairs, folds, unfolded]);
  const isRunning = useStore(sessions, ({ value }) =>
    (value ?? []).some(({ id, status }) => compared.includes(id) && status === "running"),
  );
  const [wasRunning] = useState(isRunning);
  const at = chosen ?? -1;
  const hasNext = different.some((index) => index > at);
  const hasPrevious = different.some((index) => index < at);
  const { next, previous } = useMemo(
    () => ({
      next: {
        id: "compare.next",
        title: "Next difference",
        group: "Compare",
        unavailable: hasNext ? undefined : "There is no later difference",
        // A key may come before the choice of the last one is drawn.
        run: () => choose((last = -1) => different.find((index) => index > last) ?? last),
      },
      previous: {
        id: "compare.previous",
        title: "Previous difference",
        group: "Compare",
        unavailable: hasPrevious ? undefined : "There is no earlier difference",
        run: () => choose((last = -1) => different.findLast((index) => index < last) ?? last),
      },
    }),
    [choose, different, hasNext, hasPrevious],
  );
  usePanelCommands(
    isActive,
    useMemo(() => [next, previous], [next, previous]),
  );
  const pair = chosen === undefined ? undefined : pairs[chosen];
  const place = chosen === undefined ? -1 : different.indexOf(chosen);
  return (
    <section className="comparison" aria-label="Comparison">
      <ComparisonBar
        all={pairs.length}
        different={different.length}
        place={place < 0 ? undefined : place + 1}
        emptyPolls={emptyPolls[0] + emptyPolls[1]}
        withPolls={withPolls}
        onWithPolls={onWithPolls}
        next={next}
        previous={previous}
        folds={folds}
        onFolds={(folds) => {
          setFolds(folds);
          setOpened({ pairs, from: nothingUnfolded });
        }}
        onAgain={isRunning || wasRunning ? onAgain : undefined}
        isRunning={isRunning}
        isReading={isReading}
      />
      <SessionHeads sessions={compared} environments={environments} rules={rules} />
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
          onChoose={(index) => choose(() => index)}
          onUnfold={(from) => setOpened({ pairs, from: new Set([...unfolded, from]) })}
        />
      )}
      {pair && (
        <PairDetail key={`${pair.first?.number} ${pair.second?.number}`} sessions={compared} pair={pair} />
      )}
    </section>
  );
}
