import { X } from "lucide-react";
import { escapeName } from "../../../shared/text/escape-name.ts";
import type { GuestAction } from "../../state/guest/exchanges.ts";
import { IconButton } from "../../ui/button.tsx";
import { ErrorText } from "../../ui/messages/error-text.tsx";
import { describeRequest, shortTime } from "./exchange-facts.ts";
import type { Selection } from "./exchange-rows.ts";

interface ActionDetailProps {
  readonly action: GuestAction;
  readonly onSelect: (selection: Selection) => void;
  readonly onClose: () => void;
}

/** One action: its tries, each with the exchanges that carried it, and how it ended. */
export function ActionDetail({ action, onSelect, onClose }: ActionDetailProps) {
  const { number, request, requested, tries, ended, error } = action;
  const link = (exchange: number) => (
    <button type="button" className="link" onClick={() => onSelect({ kind: "exchange", number: exchange })}>
      exchange {exchange}
    </button>
  );
  return (
    <article className="exchange-detail" aria-label={`Action ${number}`}>
      <header>
        <h2>
          Action {number}: {escapeName(describeRequest(request))}
        </h2>
        <p>
          {ended === undefined
            ? "In progress"
            : `${error ? "Failed" : "Done"} after ${shortTime(ended - requested)}`}
        </p>
        <span className="exchange-detail-actions">
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
                  Taken after {shortTime(taken.time - started)} by {link(taken.exchange)}
                </>
              ) : (
                "Not taken"
              )}
            </p>
            {answered && (
              <p>
                Answered after {shortTime(answered.time - started)} by {link(answered.exchange)}
              </p>
            )}
            {failed && <p className="action-failure">Failed: {escapeName(failed.reason)}</p>}
          </li>
        ))}
      </ol>
      {error && <ErrorText error={error} />}
    </article>
  );
}
