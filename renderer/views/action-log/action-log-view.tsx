import { Activity } from "lucide-react";
import { useDeferredValue, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import { sessions } from "../../state/connection/app-state.ts";
import { bootParts } from "../../state/exchanges/boot-path.ts";
import { spreadTimes } from "../../state/exchanges/density.ts";
import { sessionAxis } from "../../state/exchanges/session-axis.ts";
import type { Span } from "../../state/exchanges/time-span.ts";
import { type Exchange, findNumbered, type GuestAction } from "../../state/guest/exchanges.ts";
import { composeAction, textOfAction } from "../../state/guest/guest-actions.ts";
import { itemsOf, type LongList } from "../../state/log/long-list.ts";
import type { SessionLog } from "../../state/sessions/session-log.ts";
import { useIsRunning } from "../../state/sessions/use-is-running.ts";
import { useSessionLog } from "../../state/sessions/use-session-log.ts";
import { EmptyState } from "../../ui/messages/empty-state.tsx";
import { saveText } from "../../ui/save-text.ts";
import { useNow } from "../../ui/use-now.ts";
import { ActionDetail } from "./action-detail.tsx";
import { ExchangeBar } from "./exchange-bar.tsx";
import { ExchangeDetail } from "./exchange-detail.tsx";
import { ExchangeList } from "./list/exchange-list.tsx";
import { createActionGroups, listExchanges, type Selection } from "./list/exchange-rows.ts";
import "./exchanges.css";
import { SummaryLine } from "./exchange-summary-line.tsx";
import { conditionOf, noFilter } from "./filter/filter-text.ts";
import { toHar } from "./har.ts";
import { type ExchangeSort, sortExchanges } from "./list/sort-exchanges.ts";
import { useShownExchanges } from "./use-shown-exchanges.ts";
import { BootLine } from "./waterfall/boot-line.tsx";
import { Overview } from "./waterfall/overview.tsx";

/** The action log: every request of the guest's to the MetaService, with its reply, as they happen. */
export function ExchangesView({ session }: { readonly session: string }) {
  const log = useSessionLog(session, (state) => state);
  const isLive = useIsRunning(session);
  const hasActions = useStore(
    sessions,
    ({ value }) => value?.find(({ id }) => id === session)?.kind !== "build",
  );
  const canAsk = isLive && hasActions;
  const [filter, setFilter] = useState(noFilter);
  const [span, setSpan] = useState<Span>();
  const [isGrouped, setGrouped] = useState(false);
  const [follows, setFollows] = useState(true);
  const [selection, setSelection] = useState<Selection>();
  // A person can type and drag while a long log is searched.
  const wanted = useDeferredValue(filter);
  const within = useDeferredValue(span);
  const fits = useMemo(() => conditionOf(wanted, within), [wanted, within]);
  const time = useNow(isLive);
  const whole = useAxis(log, isLive ? time : undefined);
  // An exchange that has not ended was open until the end of its session.
  const now = isLive ? time : whole.to;
  // Rows that are sorted or filtered by a time are put in order again each second.
  const second = isLive ? Math.floor(now / 1_000) * 1_000 : now;
  const { shown, searched } = useShownExchanges(log, fits, second);
  const grouped = fits && isGrouped ? second : 0;
  const group = useMemo(
    () => createActionGroups(fits && ((exchange, log) => fits(exchange, log, grouped))),
    [fits, grouped],
  );
  const [sort, setSort] = useState<ExchangeSort>();
  const rows = useMemo(() => {
    if (isGrouped) return group(log);
    return sort ? sortExchanges(shown, sort, second) : listExchanges(shown);
  }, [isGrouped, sort, log, shown, group, second]);
  const boot = useMemo(() => bootParts(log.boot), [log.boot]);
  const actions = useMemo(() => actionTimes(log.actions, whole), [log.actions, whole]);
  const choose = (chosen: Span | undefined) => {
    setSpan(chosen);
    if (chosen) setFollows(false);
  };
  const sortBy = (chosen: ExchangeSort | undefined) => {
    setSort(chosen);
    setFollows(false);
  };
  const select = (chosen: Selection | undefined) => {
    setSelection(chosen);
    setFollows(false);
  };
  const close = () => setSelection(undefined);
  const read = useRef<Exchange>(undefined);
  if (selection?.kind === "exchange")
    read.current = findNumbered(log.exchanges, selection.number) ?? read.current;
  // One that is read stays when the log drops it.
  const exchange =
    selection?.kind === "exchange" && read.current?.number === selection.number && read.current;
  const action = selection?.kind === "action" && findNumbered(log.actions, selection.number);
  return (
    <section className="exchanges" aria-label="Action log">
      <ExchangeBar
        filter={filter}
        onFilter={setFilter}
        shown={shown.length}
        searched={searched}
        isLive={canAsk}
        onSend={() => composeAction(session)}
        isGrouped={isGrouped}
        onGroup={(wanted) => {
          setGrouped(wanted);
          setSort(undefined);
        }}
        follows={follows}
        onFollow={setFollows}
        onExport={() => saveText(`${session}.har`, toHar(itemsOf(shown)))}
      />
      {log.exchanges.length === 0 && log.actions.length === 0 ? (
        <EmptyState icon={Activity} title={isLive ? "No exchanges yet" : "No exchanges"}>
          <p>Tinsmith shows each request of the guest tools to the MetaService here, with its reply.</p>
        </EmptyState>
      ) : (
        <>
          <Overview
            session={session}
            boot={boot}
            exchanges={log.exchanges}
            marks={log.marks}
            actions={actions}
            axis={whole}
            span={span}
            onSpan={choose}
          />
          <BootLine parts={boot} isRestored={log.boot.isRestored} />
          <ExchangeList
            // Another order is looked at from its first row on.
            key={sort ? `${sort.column} ${sort.isDescending}` : "time"}
            rows={rows}
            sort={sort}
            onSort={isGrouped ? undefined : sortBy}
            origin={whole.from}
            axis={span ?? whole}
            marks={log.marks}
            actions={log.actions}
            isLive={isLive}
            now={now}
            selection={selection}
            onSelect={select}
            onClose={close}
            follows={follows}
            onFollow={setFollows}
          />
        </>
      )}
      {exchange && (
        <ExchangeDetail
          key={exchange.number}
          session={session}
          log={log}
          exchange={exchange}
          canRepeat={canAsk}
          onSelect={select}
          onClose={close}
        />
      )}
      {action && (
        <ActionDetail
          key={action.number}
          session={session}
          log={log}
          action={action}
          onSelect={select}
          onRepeat={canAsk ? () => composeAction(session, textOfAction(action.request)) : undefined}
          onClose={close}
        />
      )}
      <SummaryLine
        shown={shown}
        all={log.exchanges}
        isSearching={wanted !== filter || within !== span || searched < 1}
        isFiltered={fits !== undefined}
        now={now}
        onTimeOrder={sort && (() => sortBy(undefined))}
      />
    </section>
  );
}

/** Marks of actions that can be told apart on the axis. */
const actionMarks = 80;

function actionTimes(actions: LongList<GuestAction>, axis: Span): readonly number[] {
  return spreadTimes(
    itemsOf(actions).map(({ requested }) => requested),
    axis,
    actionMarks,
  );
}

/** The axis of a session, which stays the same object until it grows. */
function useAxis(log: SessionLog, now: number | undefined): Span {
  const { from, to } = sessionAxis(log, now);
  return useMemo(() => ({ from, to }), [from, to]);
}
