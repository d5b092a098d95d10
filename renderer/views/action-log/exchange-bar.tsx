import { ArrowDownToLine, Download, ListTree, Send } from "lucide-react";
import { IconButton } from "../../ui/button.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { FilterField } from "./filter/filter-field.tsx";
import type { FilterText } from "./filter/filter-text.ts";

interface ExchangeBarProps {
  readonly filter: FilterText;
  readonly onFilter: (filter: FilterText) => void;
  /** How many exchanges are shown. */
  readonly shown: number;
  /** The part of the log that the filter was applied to, from 0 to 1. */
  readonly searched: number;
  /** Whether the guest can be asked for actions. */
  readonly isLive: boolean;
  readonly onSend: () => void;
  readonly isGrouped: boolean;
  readonly onGroup: (isGrouped: boolean) => void;
  readonly follows: boolean;
  readonly onFollow: (follows: boolean) => void;
  readonly onExport: () => void;
}

/** The filter and the options of the action log. */
export function ExchangeBar(props: ExchangeBarProps) {
  const { filter, onFilter, shown, searched } = props;
  return (
    <header className="exchange-tools">
      <FilterField filter={filter} onFilter={onFilter} />
      {searched < 1 && (
        <div className="exchange-search">
          <ProgressBar label="Searching the exchanges" fraction={searched} />
        </div>
      )}
      <div className="exchange-options">
        <IconButton
          icon={Send}
          label="Send an action…"
          disabledReason={props.isLive ? undefined : "the session has ended"}
          onClick={props.onSend}
        />
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
