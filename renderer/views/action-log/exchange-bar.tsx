import { ArrowDownToLine, Download, ListTree, X } from "lucide-react";
import { guestActionTypes } from "../../../shared/guest/guest-protocol.ts";
import { IconButton } from "../../ui/button.tsx";
import { endpoints, exchangeStates } from "./exchange-facts.ts";
import { type ExchangeFilter, isNoFilter, noFilter } from "./exchange-filter.ts";

interface ExchangeBarProps {
  readonly filter: ExchangeFilter;
  readonly onFilter: (filter: ExchangeFilter) => void;
  /** How many exchanges are shown, and of how many. */
  readonly shown: number;
  readonly all: number;
  /** How many were before these, and are left to the session's log. */
  readonly dropped: number;
  readonly isGrouped: boolean;
  readonly onGroup: (isGrouped: boolean) => void;
  readonly follows: boolean;
  readonly onFollow: (follows: boolean) => void;
  readonly onExport: () => void;
}

/** The filter and the options of the action log. */
export function ExchangeBar(props: ExchangeBarProps) {
  const { filter, onFilter, shown, all, dropped } = props;
  const count = `${dropped > 0 ? "newest " : ""}${all.toLocaleString("en")}`;
  const change = (changed: Partial<ExchangeFilter>) => onFilter({ ...filter, ...changed });
  return (
    <header className="exchange-filter">
      <div>
        <Choice
          label="Endpoint"
          any="Endpoint"
          value={filter.endpoint}
          options={endpoints.map((name) => [name, name])}
          onChange={(endpoint) => change({ endpoint })}
        />
        <Choice
          label="Action"
          any="Action"
          value={filter.action}
          options={guestActionTypes.map((name) => [name, name])}
          onChange={(action) => change({ action: action as ExchangeFilter["action"] })}
        />
        <Choice
          label="Status"
          any="Status"
          value={filter.state}
          options={Object.entries(exchangeStates)}
          onChange={(state) => change({ state: state as ExchangeFilter["state"] })}
        />
      </div>
      <div>
        <input
          className="text-input"
          type="search"
          aria-label="Text"
          placeholder="Filter by text"
          value={filter.text}
          onChange={({ target }) => change({ text: target.value })}
        />
        <span
          className="exchange-count"
          role="status"
          title={
            dropped > 0
              ? `The first ${dropped.toLocaleString("en")} exchanges are in the session's events.jsonl.`
              : undefined
          }
        >
          {isNoFilter(filter) ? count : `${shown.toLocaleString("en")} of ${count}`}
        </span>
        {!isNoFilter(filter) && <IconButton icon={X} label="Show all" onClick={() => onFilter(noFilter)} />}
        <IconButton
          icon={ListTree}
          label="Group by action"
          pressed={props.isGrouped}
          onClick={() => props.onGroup(!props.isGrouped)}
        />
        <IconButton
          icon={ArrowDownToLine}
          label="Follow"
          pressed={props.follows}
          onClick={() => props.onFollow(!props.follows)}
        />
        <IconButton
          icon={Download}
          label="Export the shown exchanges (HAR)"
          disabledReason={shown === 0 ? "no exchange is shown" : undefined}
          onClick={props.onExport}
        />
      </div>
    </header>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly any: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, any, value, options, onChange }: ChoiceProps) {
  return (
    <select
      className="text-input"
      aria-label={label}
      value={value}
      onChange={({ target }) => onChange(target.value)}
    >
      <option value="">{any}</option>
      {options.map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
    </select>
  );
}
