import type { GuestActionRequest } from "../../shared/guest-action.ts";
import { actionTimes } from "../../shared/guest-protocol.ts";
import { type ActionWait, findAction, waitOf } from "../state/guest-actions.ts";
import { useSessionLog } from "../state/use-session-log.ts";
import { Button } from "../ui/button.tsx";
import { ProgressBar } from "../ui/progress-bar.tsx";
import { useNow } from "../ui/use-now.ts";
import "./action-wait.css";

interface ActionWaitNoteProps {
  readonly session: string;
  readonly request: GuestActionRequest;
  readonly onCancel: () => void;
}

/** What an action waits for, for how long it still will, and what comes then; with the way to give it up. */
export function ActionWaitNote({ session, request, onCancel }: ActionWaitNoteProps) {
  const wait = waitOf(useSessionLog(session, ({ actions }) => findAction(actions, request)));
  const now = useNow(true);
  const tries = request.type === "exec-shell" ? actionTimes.shellTries : actionTimes.tries;
  return (
    <div className="action-wait" role="status">
      <p>{describeWait(wait, tries, now)}</p>
      <ProgressBar label="Waiting for the guest" fraction={fractionOf(wait, now)} />
      <p className="action-wait-then">{describeNext(wait, tries)}</p>
      <Button onClick={onCancel}>Cancel</Button>
    </div>
  );
}

const limits = { poll: actionTimes.take, reply: actionTimes.reply } as const;

function describeWait(wait: ActionWait, tries: number, now: number): string {
  if (wait.for === "turn") return "The guest is being asked.";
  if (wait.for === "rest") return "The guest is answering.";
  // The clock in the window's hands may be a moment behind the log's.
  const waited = Math.max(0, now - wait.since);
  const left = Math.max(0, Math.ceil((limits[wait.for] - waited) / 1_000));
  const what =
    wait.for === "poll"
      ? "Waiting for the guest tools to ask what there is to do"
      : "The guest tools have taken it; waiting for their answer";
  return `${what}: ${left} s left of try ${wait.tryNumber} of ${tries}.`;
}

function describeNext(wait: ActionWait, tries: number): string {
  if (wait.for === "turn" || wait.for === "rest") return "It may last as long as something comes.";
  const left = tries - wait.tryNumber;
  if (left === 0) return "When no answer has begun by then, it is given up.";
  return `When no answer has begun by then, it is tried ${left === 1 ? "once" : "twice"} more, then given up.`;
}

function fractionOf(wait: ActionWait, now: number): number | undefined {
  if (wait.for === "turn" || wait.for === "rest") return undefined;
  return Math.min(1, Math.max(0, now - wait.since) / limits[wait.for]);
}
