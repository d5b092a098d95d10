import { Copy, RotateCw, X } from "lucide-react";
import type { ReactNode } from "react";
import type { ExchangeBody, ExchangeHeaders } from "../../../shared/guest/exchange.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatLatency } from "../../../shared/text/format.ts";
import {
  describeEffects,
  describeRequest,
  exchangeStates,
  phaseNames,
  phasesOf,
  ruleNames,
  stateOf,
} from "../../state/exchanges/exchange-facts.ts";
import { repeatExchange, repeatedExchange, whyNotRepeated } from "../../state/exchanges/repeat-exchange.ts";
import { type Exchange, type Exchanges, findNumbered } from "../../state/guest/exchanges.ts";
import { copyText } from "../../state/messages/copy-text.ts";
import { sayError } from "../../state/messages/notices.ts";
import { findSession } from "../../state/sessions/find-session.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { BodyView } from "./body-view.tsx";
import { curlCommand } from "./curl.ts";
import "./exchange-detail.css";
import type { Selection } from "./list/exchange-rows.ts";
import { useWholeExchange } from "./use-whole-exchange.ts";

interface ExchangeDetailProps {
  readonly session: string;
  readonly log: Exchanges;
  readonly exchange: Exchange;
  /** Whether the MetaService runs. */
  readonly canRepeat: boolean;
  readonly onSelect: (selection: Selection) => void;
  readonly onClose: () => void;
}

/** One exchange: its request and its reply, beside each other where there is room; of one that a rule has changed, both versions. */
export function ExchangeDetail(props: ExchangeDetailProps) {
  const { session, log, exchange: kept, canRepeat, onSelect, onClose } = props;
  const exchange = useWholeExchange(session, kept);
  const { number, method, target, status, ended, action: actionNumber } = exchange;
  const action = actionNumber === undefined ? undefined : findNumbered(log.actions, actionNumber);
  const phases = ended === undefined ? [] : phasesOf(exchange, ended);
  const holds = exchange.holds ?? [];
  const repeated = repeatedExchange(exchange);
  const copy = () => {
    const folder = findSession(session)?.folder ?? ".";
    void copyText(curlCommand(exchange, folder), "The curl command");
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
            {exchange.why !== undefined && `: ${escapeName(exchange.why)}`}
            {phases.map(({ kind, from, to }) => `, ${phaseNames[kind]} ${formatLatency(to - from)}`)}
            {holds.map(({ from, to }) =>
              to === undefined ? ", held now" : `, held ${formatLatency(to - from)}`,
            )}
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
          {repeated !== undefined && (
            <button
              type="button"
              className="link"
              onClick={() => onSelect({ kind: "exchange", number: repeated })}
            >
              repeats exchange {repeated}
            </button>
          )}
          {exchange.rules !== undefined && exchange.rules.length > 0 && (
            <span>
              rules:{" "}
              {ruleNames(exchange.rules)
                .map((rule) => escapeName(describeEffects(rule, exchange.rules)))
                .join(", ")}
            </span>
          )}
        </p>
        <span className="exchange-detail-actions">
          {canRepeat && (
            <IconButton
              icon={RotateCw}
              label="Send the request again"
              disabledReason={whyNotRepeated(exchange)}
              onClick={() => void repeatExchange(session, exchange).catch(sayError)}
            />
          )}
          <Button look="quiet" icon={Copy} onClick={copy}>
            Copy as curl
          </Button>
          <IconButton icon={X} label="Close the details" onClick={onClose} />
        </span>
      </header>
      {exchange.findings?.map(({ text }) => (
        <p key={text} className="exchange-detail-finding">
          {escapeName(text)}
        </p>
      ))}
      <div className="exchange-sides">
        <Side title="Request" headers={exchange.requestHeaders} body={exchange.request} session={session}>
          {exchange.edited?.guest && (
            <Side title="Request as the MetaService got it" session={session} {...exchange.edited.guest} />
          )}
        </Side>
        <Side
          title={`Response ${status ?? ""}`}
          headers={exchange.replyHeaders ?? []}
          body={exchange.reply}
          session={session}
        >
          {exchange.edited?.host && (
            <Side
              title={`Response ${exchange.edited.host.status ?? ""} as the MetaService made it`}
              session={session}
              {...exchange.edited.host}
            />
          )}
        </Side>
      </div>
    </article>
  );
}

interface SideProps {
  readonly title: string;
  readonly session: string;
  readonly headers: ExchangeHeaders;
  readonly body: ExchangeBody | undefined;
  /** The message on the service's side, if a rule has changed it. */
  readonly children?: ReactNode;
}

function Side({ title, session, headers, body, children }: SideProps) {
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
      {children}
    </section>
  );
}
