import { useStore } from "zustand";
import { formatDuration } from "../../../shared/text/format.ts";
import { heldQueue } from "../../state/breakpoints/held-messages.ts";
import { findNumbered } from "../../state/guest/exchanges.ts";
import { useSessionLog } from "../../state/sessions/use-session-log.ts";
import { nameOfHeld } from "./held-names.ts";

/** Says of the message that was held last that the guest tools have given it up, if nobody released it. */
export function GoneNote({ session }: { readonly session: string }) {
  const gone = useStore(heldQueue(session), (queue) => queue.gone);
  const exchange = useSessionLog(session, ({ exchanges }) => gone && findNumbered(exchanges, gone.exchange));
  const hold = exchange?.holds?.find(({ held }) => held === gone?.number);
  if (!gone || hold?.to === undefined || hold.reason !== "guest-gave-up") return null;
  return (
    <p className="held-note" role="status">
      {nameOfHeld(gone)}: the guest tools gave up after {formatDuration(hold.to - hold.from)}.
    </p>
  );
}
