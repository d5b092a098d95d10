import { Copy, X } from "lucide-react";
import type { ExchangeBody, ExchangeHeaders } from "../../../shared/guest/exchange.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { type Exchange, type Exchanges, findNumbered } from "../../state/guest/exchanges.ts";
import { sayDone, sayError } from "../../state/messages/notices.ts";
import { findSession } from "../../state/sessions/find-session.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { BodyView } from "./body-view.tsx";
import { curlCommand } from "./curl.ts";
import { describeRequest, exchangeStates, latencyOf, shortTime, stateOf } from "./exchange-facts.ts";
import type { Selection } from "./exchange-rows.ts";

interface ExchangeDetailProps {
  readonly session: string;
  readonly log: Exchanges;
  readonly exchange: Exchange;
  readonly onSelect: (selection: Selection) => void;
  readonly onClose: () => void;
}

/** One exchange: its request and its reply, beside each other where there is room. */
export function ExchangeDetail({ session, log, exchange, onSelect, onClose }: ExchangeDetailProps) {
  const { number, method, target, status, ended, action: actionNumber } = exchange;
  const action = actionNumber === undefined ? undefined : findNumbered(log.actions, actionNumber);
  const { waiting, working } = latencyOf(exchange, exchange.started);
  const copy = async () => {
    const folder = findSession(session)?.folder ?? ".";
    await navigator.clipboard.writeText(curlCommand(exchange, folder));
    sayDone("The curl command is on the clipboard.");
  };
  return (
    <article className="exchange-detail" aria-label={`Exchange ${number}`}>
      <header>
        <h2>
          {method} {escapeName(target)}
        </h2>
        <p>
          <span>
            {exchangeStates[stateOf(exchange)]}
            {ended !== undefined && waiting > 0 && <>, waited {shortTime(waiting)}</>}
            {ended !== undefined && <>, worked {shortTime(working)}</>}
          </span>
          {action && (
            <>
              {"for "}
              <button
                type="button"
                className="link"
                onClick={() => onSelect({ kind: "action", number: action.number })}
              >
                action {action.number}: {escapeName(describeRequest(action.request))}
              </button>
            </>
          )}
        </p>
        <span className="exchange-detail-actions">
          <Button look="quiet" icon={Copy} onClick={() => void copy().catch(sayError)}>
            Copy as curl
          </Button>
          <IconButton icon={X} label="Close the details" onClick={onClose} />
        </span>
      </header>
      <div className="exchange-sides">
        <Side title="Request" headers={exchange.requestHeaders} body={exchange.request} session={session} />
        <Side
          title={`Reply ${status ?? ""}`}
          headers={exchange.replyHeaders ?? []}
          body={exchange.reply}
          session={session}
        />
      </div>
    </article>
  );
}

interface SideProps {
  readonly title: string;
  readonly session: string;
  readonly headers: ExchangeHeaders;
  readonly body: ExchangeBody | undefined;
}

function Side({ title, session, headers, body }: SideProps) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <dl className="exchange-headers">
        {headers.map(([name, value], index) => (
          <div key={index}>
            <dt>{escapeName(name)}</dt>
            <dd>{escapeName(value)}</dd>
          </div>
        ))}
      </dl>
      <BodyView session={session} body={body} />
    </section>
  );
}
