import { useStore } from "zustand";
import { formatCount } from "../../../shared/text/format.ts";
import { heldCounts } from "../../state/breakpoints/held-counts.ts";
import { openParts } from "../../state/layout/open-parts.ts";
import { showPart } from "../../state/layout/session-panels.ts";
import { useSessionName } from "../../state/sessions/session-names.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/messages/notice.tsx";

/** Says that breakpoints hold messages of a session, if the person does not see them. */
export function HeldNotice() {
  const counts = useStore(heldCounts, (state) => state);
  const parts = useStore(openParts, (state) => state);
  const isSeen = (session: string) =>
    Object.values(parts).some(
      (part) => part.kind === "breakpoints" && part.session === session && part.isVisible,
    );
  return Object.entries(counts)
    .filter(([session]) => !isSeen(session))
    .map(([session, count]) => <NoticeOfSession key={session} session={session} count={count} />);
}

function NoticeOfSession({ session, count }: { readonly session: string; readonly count: number }) {
  const name = useSessionName(session);
  return (
    <Notice
      actions={
        <Button look="quiet" onClick={() => showPart({ session, kind: "breakpoints" })}>
          Show {count === 1 ? "message" : "messages"}
        </Button>
      }
    >
      {name}: {formatCount(count, "message")} held at a breakpoint.
    </Notice>
  );
}
