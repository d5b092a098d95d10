import { Activity } from "lucide-react";
import { useDeferredValue, useMemo, useRef, useState } from "react";
import { type Exchange, findNumbered } from "../../state/guest/exchanges.ts";
import { itemsOf } from "../../state/log/long-list.ts";
import { useIsRunning } from "../../state/sessions/use-is-running.ts";
import { useSessionLog } from "../../state/sessions/use-session-log.ts";
import { EmptyState } from "../../ui/messages/empty-state.tsx";
import { saveText } from "../../ui/save-text.ts";
import { ActionDetail } from "./action-detail.tsx";
import { ExchangeBar } from "./exchange-bar.tsx";
import { ExchangeDetail } from "./exchange-detail.tsx";
import { createExchangeFilter, isNoFilter, noFilter } from "./exchange-filter.ts";
import { ExchangeList } from "./exchange-list.tsx";
import { createActionGroups, listExchanges, type Selection } from "./exchange-rows.ts";
import "./exchanges.css";
import { toHar } from "./har.ts";

/** The action log: every request of the guest's to the MetaService, with its reply, as they happen. */
export function ExchangesView({ session }: { readonly session: string }) {
  const log = useSessionLog(session, (state) => state);
  const isLive = useIsRunning(session);
  const [filter, setFilter] = useState(noFilter);
  const [isGrouped, setGrouped] = useState(false);
  const [follows, setFollows] = useState(true);
  const [selection, setSelection] = useState<Selection>();
  // A person can type while a long log is searched.
  const wanted = useDeferredValue(filter);
  const { pick, matches } = useMemo(() => createExchangeFilter(wanted), [wanted]);
  const shown = useMemo(() => pick(log), [pick, log]);
  const group = useMemo(
    () => createActionGroups(isNoFilter(wanted) ? undefined : matches),
    [wanted, matches],
  );
  const rows = useMemo(() => (isGrouped ? group(log) : listExchanges(shown)), [isGrouped, log, shown, group]);
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
        all={log.exchanges.length}
        dropped={log.exchanges.dropped}
        isGrouped={isGrouped}
        onGroup={setGrouped}
        follows={follows}
        onFollow={setFollows}
        onExport={() => saveText(`${session}.har`, toHar(itemsOf(shown)))}
      />
      {log.exchanges.length === 0 && log.actions.length === 0 ? (
        <EmptyState icon={Activity} title={isLive ? "No exchanges yet" : "No exchanges"}>
          <p>Tinsmith shows each request of the guest tools to the MetaService here, with its reply.</p>
        </EmptyState>
      ) : (
        <ExchangeList
          rows={rows}
          origin={log.run.started || (log.exchanges.at(0)?.started ?? 0)}
          isLive={isLive}
          selection={selection}
          onSelect={select}
          onClose={close}
          follows={follows}
          onFollow={setFollows}
        />
      )}
      {exchange && (
        <ExchangeDetail
          key={exchange.number}
          session={session}
          log={log}
          exchange={exchange}
          onSelect={select}
          onClose={close}
        />
      )}
      {action && <ActionDetail action={action} onSelect={select} onClose={close} />}
    </section>
  );
}
