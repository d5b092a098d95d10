import { memo } from "react";
import { escapeName } from "../../../../shared/text/escape-name.ts";
import { formatBytes, formatLatency, formatOffset } from "../../../../shared/text/format.ts";
import {
  describeEffects,
  describeRequest,
  type ExchangeState,
  endpointOf,
  exchangeStates,
  latencyOf,
  ruleNames,
  shownStatus,
  sizeOf,
  stateOf,
} from "../../../state/exchanges/exchange-facts.ts";
import { repeatedExchange } from "../../../state/exchanges/repeat-exchange.ts";
import { placeOn, type Span } from "../../../state/exchanges/time-span.ts";
import type { GuestAction } from "../../../state/guest/exchanges.ts";
import { classNames } from "../../../ui/class-names.ts";
import { StateMark, type StateName } from "../../../ui/state-mark.tsx";
import { TimeBar } from "../waterfall/time-bar.tsx";
import type { LogRow } from "./exchange-rows.ts";

/** The mark of each state. */
export const exchangeMarks: Readonly<Record<ExchangeState, StateName>> = {
  open: "busy",
  done: "good",
  refused: "warn",
  failed: "bad",
  cut: "warn",
};

interface RowPlace {
  /** Only the row that is chosen has one. */
  readonly id: string | undefined;
  /** Among all rows, from 1. */
  readonly position: number;
  /** -1 while more come. */
  readonly count: number;
  /** Pixels from the top of the list. */
  readonly top: number;
  /** When the session began. */
  readonly origin: number;
  /** The time that the bars are drawn on. */
  readonly axis: Span;
  /** The action that its exchange carried, by number and description. */
  readonly carried: string | undefined;
  /** The time, for an open row. */
  readonly now: number;
}

/** One line of the action log. It takes a row's parts, which stay the same while the row is created again. */
export const ExchangeRow = memo(function ExchangeRow(props: LogRow & RowPlace) {
  const { kind, id, position, count, top, origin, axis, now } = props;
  return (
    <div
      id={id}
      className="exchange"
      data-kind={kind}
      role="option"
      tabIndex={-1}
      aria-selected={id !== undefined}
      aria-posinset={position}
      aria-setsize={count}
      style={{ translate: `0 ${top}px` }}
    >
      {kind === "action" ? (
        <ActionCells action={props.action} origin={origin} axis={axis} now={now} />
      ) : (
        <Cells {...props} />
      )}
    </div>
  );
});

type CellsProps = LogRow & { readonly kind: "exchange" } & Pick<
    RowPlace,
    "origin" | "axis" | "now" | "carried"
  >;

function Cells({ exchange, isGrouped, origin, axis, now, carried }: CellsProps) {
  const state = stateOf(exchange);
  const { waiting, working } = latencyOf(exchange, now);
  const endpoint = endpointOf(exchange);
  const repeated = repeatedExchange(exchange);
  return (
    <>
      <Time of={exchange.started - origin} isGrouped={isGrouped} />
      <StateMark state={exchange.findings ? "bad" : exchangeMarks[state]} label={exchangeStates[state]} />
      <span className="exchange-method">{exchange.method}</span>
      <span className="exchange-target" title={escapeName(exchange.target)}>
        <span className="exchange-name">{endpoint === "other" ? escapeName(exchange.target) : endpoint}</span>
        {exchange.findings?.map(({ name, text }) => (
          <span key={text} className="exchange-finding" title={escapeName(text)}>
            {name}
          </span>
        ))}
        {repeated !== undefined && <span className="exchange-action">repeats {repeated}</span>}
        {carried !== undefined && !isGrouped && (
          <span className="exchange-action" title={`Action ${carried}`}>
            {carried}
          </span>
        )}
        {ruleNames(exchange.rules).map((rule) => {
          const effects = escapeName(describeEffects(rule, exchange.rules));
          return (
            <span key={rule} className="exchange-rule" title={`Rule: ${effects}`}>
              {effects}
            </span>
          );
        })}
      </span>
      <span className="exchange-status">{shownStatus(exchange)}</span>
      <Bytes className="exchange-size" bytes={sizeOf(exchange)} />
      <Bytes className="exchange-bytes" bytes={exchange.request?.bytes} />
      <Bytes className="exchange-bytes" bytes={exchange.reply?.bytes} />
      <span className="exchange-latency">{formatLatency(waiting + working)}</span>
      <span className="exchange-part">{waiting > 0 && formatLatency(waiting)}</span>
      <span className="exchange-part">{working > 0 && formatLatency(working)}</span>
      <TimeBar exchange={exchange} axis={axis} now={now} />
    </>
  );
}

interface BytesProps {
  readonly className: string;
  readonly bytes: number | undefined;
}

/** Nothing is more quickly seen to be nothing without a zero. */
function Bytes({ className, bytes = 0 }: BytesProps) {
  return <span className={className}>{bytes > 0 && formatBytes(bytes)}</span>;
}

interface ActionCellsProps extends Pick<RowPlace, "origin" | "axis" | "now"> {
  readonly action: GuestAction;
}

function ActionCells({ action, origin, axis, now }: ActionCellsProps) {
  const { requested, ended, error, request, number } = action;
  const [state, label]: [StateName, string] = error
    ? ["bad", "Failed"]
    : ended === undefined
      ? ["busy", "In progress"]
      : ["good", "Done"];
  const to = Math.max(requested, ended ?? now);
  const place = placeOn(axis, { from: requested, to });
  return (
    <>
      <Time of={requested - origin} isGrouped={false} />
      <StateMark state={state} label={label} />
      <strong className="exchange-wish">
        {number}: {escapeName(describeRequest(request))}
      </strong>
      <span className="exchange-latency">{formatLatency(to - requested)}</span>
      <span className="exchange-bar">
        {place && (
          <span
            data-phase="action"
            style={{ left: `${place.start * 100}%`, width: `${place.length * 100}%` }}
          />
        )}
      </span>
    </>
  );
}

/** @param of milliseconds since the session began */
function Time({ of, isGrouped }: { readonly of: number; readonly isGrouped: boolean }) {
  // Past an hour, milliseconds have no room.
  const offset = formatOffset(of, of < 3_600_000 ? 3 : 1);
  return (
    <time
      className={classNames("exchange-time", isGrouped && "exchange-grouped")}
      title={`${offset} after the session began`}
    >
      {offset}
    </time>
  );
}
