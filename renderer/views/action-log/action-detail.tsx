import { RotateCw, X } from "lucide-react";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatBytes, formatLatency } from "../../../shared/text/format.ts";
import { describeRequest, sizeOf } from "../../state/exchanges/exchange-facts.ts";
import { type Exchanges, findNumbered, type GuestAction } from "../../state/guest/exchanges.ts";
import { textOfAction } from "../../state/guest/guest-actions.ts";
import { IconButton } from "../../ui/button.tsx";
import { ErrorText } from "../../ui/messages/error-text.tsx";
import { BodyView } from "./body-view.tsx";
import type { Selection } from "./list/exchange-rows.ts";

interface ActionDetailProps {
  readonly session: string;
  readonly log: Exchanges;
  readonly action: GuestAction;
  readonly onSelect: (selection: Selection) => void;
  /** Absent while the guest can't be asked. */
  readonly onRepeat: (() => void) | undefined;
  readonly onClose: () => void;
}

/** One action: its tries, each with the exchanges that carried it, how it ended, its request and its reply. */
export function ActionDetail({ session, log, action, onSelect, onRepeat, onClose }: ActionDetailProps) {
  const { number, request, requested, tries, ended, error } = action;
  const answer = tries.findLast(({ answered }) => answered)?.answered;
  const reply = answer && findNumbered(log.exchanges, answer.exchange);
  const link = (exchange: number) => {
    const size = sizeOf(findNumbered(log.exchanges, exchange) ?? {});
    return (
      <>
        <button
          type="button"
          className="link"
          onClick={() => onSelect({ kind: "exchange", number: exchange })}
        >
          exchange {exchange}
        </button>
        {size !== undefined && ` (${formatBytes(size)})`}
      </>
    );
  };
  return (
    <article className="exchange-detail" aria-label={`Action ${number}`}>
      <header>
        <h2>
          Action {number}: {escapeName(describeRequest(request))}
        </h2>
        <p>
          {ended === undefined
            ? "In progress"
            : `${error ? "Failed" : "Done"} after ${formatLatency(ended - requested)}`}
        </p>
        <span className="exchange-detail-actions">
          {onRepeat && <IconButton icon={RotateCw} label="Repeat the action…" onClick={onRepeat} />}
          <IconButton icon={X} label="Close the details" onClick={onClose} />
        </span>
      </header>
      <ol className="action-tries">
        {tries.map(({ started, taken, answered, failed }, index) => (
          <li key={started}>
            <h3>Try {index + 1}</h3>
            <p>
              {taken ? (
                <>
                  Taken after {formatLatency(taken.time - started)} by {link(taken.exchange)}
                </>
              ) : (
                "Not taken"
              )}
            </p>
            {answered && (
              <p>
                Answered after {formatLatency(answered.time - started)} by {link(answered.exchange)}
              </p>
            )}
            {failed && <p className="action-failure">Failed: {escapeName(failed.reason)}</p>}
          </li>
        ))}
      </ol>
      {error && <ErrorText error={error} />}
      <div className="exchange-sides">
        <section aria-label="Request">
          <h3>Request</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll the text. */}
          <pre className="body-text" tabIndex={0}>
            {textOfAction(request)}
          </pre>
        </section>
        {reply && (
          <section aria-label="Reply">
            <h3>Reply</h3>
            <BodyView key={reply.number} session={session} body={reply.request} />
          </section>
        )}
      </div>
    </article>
  );
}
