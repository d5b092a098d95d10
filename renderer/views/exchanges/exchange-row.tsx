import { memo } from "react";
import { escapeName } from "../../../shared/escape-name.ts";
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

interface ExchangeRowProps {
  readonly row: LogRow;
  /** When the session began. */
  readonly origin: number;
  /** The time, for what is still open. */
  readonly now: number;
}

/** One line of the action log. */
export const ExchangeRow = memo(function ExchangeRow({ row, origin, now }: ExchangeRowProps) {
  if (row.kind === "action") return <ActionCells row={row} origin={origin} />;
  const { exchange, isGrouped } = row;
  const state = stateOf(exchange);
  const { waiting, working } = latencyOf(exchange, now);
  const endpoint = endpointOf(exchange);
  return (
    <>
      <time className={classNames("exchange-time", isGrouped && "exchange-grouped")}>
        {seconds(exchange.started - origin)}
      </time>
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
});

function ActionCells({
  row,
  origin,
}: {
  readonly row: LogRow & { kind: "action" };
  readonly origin: number;
}) {
  const { requested, ended, error, request, number } = row.action;
  const [state, label]: [StateName, string] = error
    ? ["bad", "Failed"]
    : ended === undefined
      ? ["busy", "Under way"]
      : ["good", "Done"];
  return (
    <>
      <time className="exchange-time">{seconds(requested - origin)}</time>
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
      {waiting > 0 && <span className="exchange-bar-waiting" style={{ width: `${begin * 100}%` }} />}
      {working > 0 && (
        <span
          className="exchange-bar-working"
          style={{ left: `${begin * 100}%`, width: `${Math.max(0, end - begin) * 100}%` }}
        />
      )}
    </span>
  );
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1_000).toFixed(3);
}
