import { useStore } from "zustand";
import { formatDuration } from "../../../shared/text/format.ts";
import { stripControls } from "../../../shared/text/strip-controls.ts";
import {
  describeReason,
  describeRelation,
  describeStart,
  describeWork,
  fastLabel,
  isCorrected,
} from "../../../shared/watch/round-words.ts";
import type { RoundPhase, RoundSession, RoundState, TimedVerdict } from "../../../shared/watch/watch.ts";
import { sessions as summaries } from "../../state/connection/app-state.ts";
import { showSession } from "../../state/layout/session-panels.ts";
import { findSession } from "../../state/sessions/find-session.ts";
import { Button } from "../../ui/button.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { StateMark, type StateName } from "../../ui/state-mark.tsx";
import { useNow } from "../../ui/use-now.ts";

interface RoundItemProps {
  readonly round: RoundState;
  readonly isRunning: boolean;
}

/** One round: its reason, both verdicts with their times, and its sessions. */
export function RoundItem({ round, isRunning }: RoundItemProps) {
  const now = useNow(isRunning);
  const { saved, status, waits, noFast, sessions } = round;
  const relation = describeRelation(round);
  // Without guest tools, the run that waited for them was cancelled, and shows nothing.
  const shown = sessions.filter(
    ({ phase }) => phase !== "fast" || !round.true || round.fast || noFast !== undefined,
  );
  return (
    <li className="round" data-outcome={round.true?.outcome ?? round.fast?.outcome}>
      <header>
        <h2>
          Round {round.round}: {describeReason(round)}
        </h2>
        <span className="round-when">
          <RelativeTime at={saved} />
        </span>
      </header>
      {round.fast && <VerdictLine verdict={round.fast} name={`Fast verdict (${fastLabel})`} />}
      {!round.fast && noFast !== undefined && round.round > 1 && (
        <p className="round-quiet">No fast verdict: {noFast}</p>
      )}
      {round.true && (
        <VerdictLine
          verdict={round.true}
          name="True verdict"
          relation={relation}
          isCorrection={isCorrected(round)}
        />
      )}
      {isRunning && (
        <p className="round-line" role="status">
          <StateMark state="busy" label="Under way" />
          <span>
            {capitalize(describeWork(round))}
            <span className="round-time">
              {" "}
              {formatDuration(Math.max(0, now - saved))} since {describeStart(round)}
            </span>
          </span>
        </p>
      )}
      {isRunning && waits !== undefined && <p className="round-quiet">{waits}</p>}
      {status === "overtaken" && <p className="round-quiet">A newer change overtook this round.</p>}
      {status === "stopped" && <p className="round-quiet">The watch ended before the true verdict.</p>}
      <div className="round-sessions">
        {shown.map((one) => (
          <ShowButton key={one.session} {...one} isRunning={isRunning} />
        ))}
      </div>
    </li>
  );
}

const showLabels: Readonly<Record<RoundPhase, string>> = {
  fast: "Show fast run",
  setup: "Show rebuild of setup image",
  rebuild: "Show rebuild",
  true: "Show run",
};

/** Shows a session of a round. It may have been deleted to make room for newer ones. */
function ShowButton({ session, phase, title, isRunning }: RoundSession & { readonly isRunning: boolean }) {
  const found = useStore(summaries, () => findSession(session));
  return (
    <Button
      look="quiet"
      hint={title}
      // One that has just begun may not be in the list yet.
      disabledReason={found || isRunning ? undefined : "Its session was deleted"}
      onClick={() => found && showSession(found)}
    >
      {showLabels[phase]}
    </Button>
  );
}

interface VerdictLineProps {
  readonly verdict: TimedVerdict;
  readonly name: string;
  readonly relation?: string | undefined;
  readonly isCorrection?: boolean;
}

function VerdictLine({ verdict, name, relation, isCorrection = false }: VerdictLineProps) {
  const { outcome, text, after, lines } = verdict;
  const state: StateName = outcome === "passed" ? "good" : "bad";
  return (
    <>
      <p className="round-line">
        <StateMark state={state} label={outcome === "passed" ? "Passed" : "Failed"} />
        <span>
          {name} after {formatDuration(after)}: {stripControls(text)}
          {relation && (
            <span className="round-relation" data-correction={isCorrection || undefined}>
              {". "}
              {capitalize(stripControls(relation))}
            </span>
          )}
        </span>
      </p>
      {lines.length > 0 && <pre>{lines.map(stripControls).join("\n")}</pre>}
    </>
  );
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
