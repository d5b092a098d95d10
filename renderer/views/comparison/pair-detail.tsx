import { Fragment, useEffect, useState } from "react";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import {
  type ComparedExchange,
  describedHeadersLeftOut,
  type ExchangePair,
} from "../../../shared/session/session-comparison.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatLatency } from "../../../shared/text/format.ts";
import { exchangeStates, stateOf } from "../../state/exchanges/exchange-facts.ts";
import { loadExchange } from "../../state/exchanges/load-exchange.ts";
import type { Exchange } from "../../state/guest/exchanges.ts";
import { ErrorText } from "../../ui/messages/error-text.tsx";
import { BodyDiff } from "./body-diff.tsx";
import { HeaderDiff } from "./header-diff.tsx";
import "./pair-detail.css";

interface PairDetailProps {
  readonly sessions: readonly [first: string, second: string];
  readonly pair: ExchangePair;
}

/** The chosen pair: both requests beside each other, and both responses. */
export function PairDetail({ sessions: [one, other], pair }: PairDetailProps) {
  const { first, second, headers = [] } = pair;
  const left = useExchange(one, first);
  const right = useExchange(other, second);
  const error = left.error ?? right.error;
  const isRead = (!first || left.exchange) && (!second || right.exchange);
  return (
    <article className="pair-detail" aria-label="The chosen exchanges">
      <header className="pair-titles">
        <Title exchange={first} />
        <Title exchange={second} />
      </header>
      {error ? (
        <div className="pair-error" role="alert">
          <ErrorText error={error} />
        </div>
      ) : isRead ? (
        <>
          {(["request", "response"] as const).map((part) => {
            const title = part === "request" ? "Request" : "Response";
            return (
              <Fragment key={part}>
                <HeaderDiff title={`${title} headers`} headers={headers.filter((one) => one.part === part)} />
                <BodyDiff
                  title={title}
                  sessions={[one, other]}
                  bodies={[bodyOf(left.exchange, part), bodyOf(right.exchange, part)]}
                />
              </Fragment>
            );
          })}
          {first && second && (
            <p className="pair-note">
              {headers.length === 0 ? "The headers are equal" : "The other headers are equal"}. Not compared:{" "}
              {describedHeadersLeftOut}.
            </p>
          )}
        </>
      ) : (
        <p className="pair-note">Reading the bodies…</p>
      )}
    </article>
  );
}

function bodyOf(exchange: Bodies | undefined, part: "request" | "response") {
  return part === "request" ? exchange?.request : exchange?.reply;
}

function Title({ exchange }: { readonly exchange: ComparedExchange | undefined }) {
  if (!exchange) return <p className="pair-missing">Not in this session</p>;
  const { number, method, target, status, started, ended, rules = [] } = exchange;
  return (
    <div>
      <h3>
        {method} {escapeName(target)}
      </h3>
      <p>
        Exchange {number}: {status ?? "no response"}, {exchangeStates[stateOf(exchange)].toLowerCase()}
        {ended !== undefined && `, ${formatLatency(ended - started)}`}
        {rules.length > 0 && `; rules: ${rules.map(escapeName).join(", ")}`}
      </p>
    </div>
  );
}

type Bodies = Pick<Exchange, "request" | "reply">;

interface ReadExchange {
  readonly exchange?: Bodies | undefined;
  readonly error?: ErrorData | undefined;
}

/** An exchange with its bodies, read from its session's log; while it was open when compared, without them. */
function useExchange(session: string, compared: ComparedExchange | undefined): ReadExchange {
  const [read, setRead] = useState<ReadExchange>({});
  const { number, event, ended } = compared ?? {};
  useEffect(() => {
    if (number === undefined || event === undefined || ended === undefined) return;
    const controller = new AbortController();
    loadExchange(session, { number, event }, controller.signal).then(
      (exchange) => setRead({ exchange }),
      (thrown) => {
        if (!controller.signal.aborted) setRead({ error: toAppError(thrown).toJSON() });
      },
    );
    return () => controller.abort();
  }, [session, number, event, ended]);
  return compared && ended === undefined ? { exchange: {} } : read;
}
