import { type GuestActionRequest, isTriedOnce } from "../../../shared/guest/guest-action.ts";
import { protocolLimits } from "../../../shared/limits.ts";
import { type ActionWait, findAction, waitOf } from "../../state/guest/guest-actions.ts";
import { guestTimeSince } from "../../state/guest/guest-time.ts";
import { machinePauses } from "../../state/guest/machine-state.ts";
import { usePause } from "../../state/guest/use-pause.ts";
import { useSessionLog } from "../../state/sessions/use-session-log.ts";
import { Button } from "../../ui/button.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { useNow } from "../../ui/use-now.ts";
import "./action-wait.css";

interface ActionWaitNoteProps {
  readonly session: string;
  readonly request: GuestActionRequest;
  /** Absent in a dialog, which has a button of its own. */
  readonly onCancel?: () => void;
}

/** Shows the event that an action waits for, the rest of its time, and the next step. */
export function ActionWaitNote({ session, request, onCancel }: ActionWaitNoteProps) {
  const action = useSessionLog(session, ({ actions }) => findAction(actions, request));
  const toolsStarted = useSessionLog(session, ({ run }) => run.toolsStarted);
  const wait = waitOf(action, toolsStarted);
  const pause = usePause(session);
  const now = useNow(pause === undefined);
  const waited = "since" in wait ? guestTimeSince(wait.since, machinePauses(session), now) : 0;
  const tries = isTriedOnce(request) ? protocolLimits.shellTries : protocolLimits.tries;
  return (
    <div className="action-wait" role="status">
      <p>{pause ? pauses[pause] : describeWait(wait, tries, waited)}</p>
      <ProgressBar label="Waiting for the guest" fraction={fractionOf(wait, waited)} />
      {!pause && <p className="action-wait-then">{describeNext(wait, tries)}</p>}
      {onCancel && <Button onClick={onCancel}>Cancel</Button>}
    </div>
  );
}

const limits = { poll: protocolLimits.takeTimeout, reply: protocolLimits.replyTimeout } as const;

const pauses = {
  held: "Paused: a message is held. The part Breakpoints releases it.",
  paused: "Paused: waits until the virtual machine is resumed.",
  waiting: "Paused: waits until there is space on the host's disk.",
} as const;

function describeWait(wait: ActionWait, tries: number, waited: number): string {
  if (wait.for === "turn") return "The guest is being asked.";
  if (wait.for === "tools") return "Waiting for the guest tools to start.";
  if (wait.for === "rest") return "The guest is answering.";
  const left = Math.max(0, Math.ceil((limits[wait.for] - waited) / 1_000));
  const what =
    wait.for === "poll"
      ? "Waiting for the guest tools to ask for an action"
      : "The guest tools have taken the action; waiting for their answer";
  return `${what}: ${left} s left of try ${wait.tryNumber} of ${tries}.`;
}

function describeNext(wait: ActionWait, tries: number): string {
  if (wait.for === "tools") return "There is no time limit until then.";
  if (wait.for === "turn" || wait.for === "rest") return "There is no time limit while data arrives.";
  const left = tries - wait.tryNumber;
  if (left === 0) return "If no answer has begun by then, Tinsmith gives up.";
  return `If no answer has begun by then, Tinsmith tries ${left === 1 ? "once" : "twice"} more, then gives up.`;
}

function fractionOf(wait: ActionWait, waited: number): number | undefined {
  if (!("since" in wait)) return undefined;
  return Math.min(1, waited / limits[wait.for]);
}
