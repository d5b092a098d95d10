import { useEffect } from "react";
import type { HeldMessage } from "../../../shared/rules/held-message.ts";
import { readHeldBody } from "../../state/breakpoints/held-messages.ts";
import { bodyIn, type HeldQueue } from "../../state/breakpoints/held-queue.ts";
import { HeldActions } from "./held-actions.tsx";
import { HeldDetail } from "./message/held-detail.tsx";

interface HeldSelectedProps {
  readonly session: string;
  readonly queue: HeldQueue;
  readonly message: HeldMessage;
  /** Whether the guest tools wait meanwhile, and give up at some time. */
  readonly isRunning: boolean;
}

/** The selected message, whose body is read now, and what can be done with it. */
export function HeldSelected({ session, queue, message, isRunning }: HeldSelectedProps) {
  const { number } = message;
  const { connected } = queue;
  const body = bodyIn(queue, message);
  const isMissing = body === undefined;
  useEffect(() => {
    if (isMissing && connected > 0) void readHeldBody(session, number);
  }, [session, number, isMissing, connected]);
  const draft = queue.drafts[number] ?? {};
  return (
    <div className="held-selected">
      <HeldDetail session={session} message={message} body={body} draft={draft} isRunning={isRunning} />
      <HeldActions
        session={session}
        message={message}
        body={body}
        draft={draft}
        isReleasing={queue.releasing.includes(number)}
      />
    </div>
  );
}
