import { guestPatience } from "../../../shared/guest/guest-patience.ts";
import { protocolLimits } from "../../../shared/limits.ts";
import type { HeldMessage } from "../../../shared/rules/held-message.ts";
import { guestTimeSince } from "../../state/guest/guest-time.ts";
import { machinePauses } from "../../state/guest/machine-state.ts";
import { useNow } from "../../ui/use-now.ts";

interface HeldPatienceProps {
  readonly session: string;
  readonly message: HeldMessage;
}

/** Tells how long each side waits for a held message while the guest runs. */
export function HeldPatience({ session, message }: HeldPatienceProps) {
  const left = useTimeLeft(session, message);
  const { replyTimeout, silenceTimeout } = protocolLimits;
  return (
    <p className="held-patience">
      <span>{describePatience(message, left)}</span>{" "}
      <span>
        Tinsmith's own time limits are stopped: {replyTimeout / 1000} s for an action, {silenceTimeout / 1000}{" "}
        s without a request.
      </span>
    </p>
  );
}

/** The seconds until the guest tools give up on a held message, if they do that at some time. */
export function HeldTimeLeft({ session, message }: HeldPatienceProps) {
  const left = useTimeLeft(session, message);
  return left !== undefined && <span className="held-left">{left} s left</span>;
}

/** In seconds. */
function useTimeLeft(session: string, message: HeldMessage): number | undefined {
  const now = useNow(true);
  const patience = guestPatience(message);
  if (patience === undefined) return undefined;
  const waited = guestTimeSince(message.began, machinePauses(session), now);
  return Math.max(0, Math.ceil((patience - waited) / 1000));
}

function describePatience({ endpoint }: HeldMessage, left: number | undefined): string {
  if (endpoint === "other") return "It is not known how long the guest tools wait.";
  if (left === undefined) return "The guest tools wait without a time limit.";
  return left > 0 ? `The guest tools give up in ${left} s.` : "The guest tools give up now.";
}
