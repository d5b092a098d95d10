import { memo } from "react";
import { escapeName } from "../../../shared/text/escape-name.ts";
import type { GuestAction } from "../../state/guest/exchanges.ts";
import { classNames } from "../../ui/class-names.ts";
import { StateMark, type StateName } from "../../ui/state-mark.tsx";
import {
  barPosition,
  describeRequest,
  type ExchangeState,
  endpointOf,
  exchangeStates,
  latencyOf,
  shortTime,
  stateOf,
} from "./exchange-facts.ts";
import type { LogRow } from "./exchange-rows.ts";

const marks: Readonly<Record<ExchangeState, StateName>> = {
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
  /** The time, for open exchanges. */
  readonly now: number;
}

/** One line of the action log. It takes a row's parts, which stay the same while the row is created again. */
export const ExchangeRow = memo(function ExchangeRow(props: LogRow & RowPlace) {
  const { kind, id, position, count, top, origin } = props;
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
      {kind === "action" ? <ActionCells action={props.action} origin={origin} /> : <Cells {...props} />}
    </div>
  );
});

type CellsProps = LogRow & { readonly kind: "exchange" } & Pick<RowPlace, "origin" | "now">;

function Cells({ exchange, isGrouped, origin, now }: CellsProps) {
  const state = stateOf(exchange);
  const { waiting, working } = latencyOf(exchange, now);
  const endpoint = endpointOf(exchange);
  return (
    <>
      <Time of={exchange.started - origin} isGrouped={isGrouped} />
      <StateMark state={marks[state]} label={exchangeStates[state]} />
      <span className="exchange-method">{exchange.method}</span>
      <span className="exchange-target" title={escapeName(exchange.target)}>
        {endpoint === "other" ? escapeName(exchange.target) : endpoint}
        {exchange.action !== undefined && !isGrouped && (
          <span className="exchange-action">action {exchange.action}</span>
        )}
      </span>
      <span className="exchange-status">{exchange.status ?? "…"}</span>
      <span className="exchange-latency">{shortTime(waiting + working)}</span>
      <TimeBar waiting={waiting} working={working} />
    </>
  );
}

function ActionCells({ action, origin }: { readonly action: GuestAction; readonly origin: number }) {
  const { requested, ended, error, request, number } = action;
  const [state, label]: [StateName, string] = error
    ? ["bad", "Failed"]
    : ended === undefined
      ? ["busy", "In progress"]
      : ["good", "Done"];
  return (
    <>
      <Time of={requested - origin} isGrouped={false} />
      <StateMark state={state} label={label} />
      <strong className="exchange-wish">
        {number}: {escapeName(describeRequest(request))}
      </strong>
      <span className="exchange-latency">{ended !== undefined && shortTime(ended - requested)}</span>
    </>
  );
}

/** Waiting and working, one behind the other, each by powers of ten. */
function TimeBar({ waiting, working }: { readonly waiting: number; readonly working: number }) {
  const end = barPosition(waiting + working);
  const begin = waiting > 0 ? barPosition(waiting) : 0;
  const said =
    waiting > 0
      ? `waited ${shortTime(waiting)}, worked ${shortTime(working)}`
      : `worked ${shortTime(working)}`;
  return (
    <span className="exchange-bar" title={said}>
      <span className="exchange-bar-waiting" hidden={waiting <= 0} style={{ width: `${begin * 100}%` }} />
      <span
        className="exchange-bar-working"
        hidden={working <= 0}
        style={{ left: `${begin * 100}%`, width: `${Math.max(0, end - begin) * 100}%` }}
      />
    </span>
  );
}

/** @param of milliseconds since the session began */
function Time({ of, isGrouped }: { readonly of: number; readonly isGrouped: boolean }) {
  const seconds = (of / 1_000).toFixed(3);
  return (
    <time
      className={classNames("exchange-time", isGrouped && "exchange-grouped")}
      title={`${seconds} s after the session began`}
    >
      {seconds}
    </time>
  );
}
