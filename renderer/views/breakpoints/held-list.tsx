import { ArrowDownToLine, ArrowUpFromLine } from "lucide-react";
import { useId, useLayoutEffect, useRef } from "react";
import type { HeldMessage } from "../../../shared/rules/held-message.ts";
import { nameOfHeld } from "./held-names.ts";
import { HeldTimeLeft } from "./held-patience.tsx";
import { HeldTime } from "./held-time.tsx";

interface HeldListProps {
  readonly session: string;
  /** Whether the guest tools wait meanwhile, and give up at some time. */
  readonly isRunning: boolean;
  /** Oldest first. */
  readonly held: readonly HeldMessage[];
  /** The number of one. */
  readonly selected: number | undefined;
  readonly onSelect: (number: number) => void;
}

/** The queue of held messages. */
export function HeldList({ session, isRunning, held, selected, onSelect }: HeldListProps) {
  const ids = useId();
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const row = list.current?.querySelector(`#${CSS.escape(`${ids}${selected}`)}`);
    if (list.current && row instanceof HTMLElement) showRow(list.current, row);
  }, [ids, selected]);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const at = held.findIndex(({ number }) => number === selected);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: held.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const chosen = held[Math.min(held.length - 1, Math.max(0, next))];
    if (chosen) onSelect(chosen.number);
  };
  return (
    <div
      ref={list}
      className="held-list"
      role="listbox"
      aria-label="Held messages"
      tabIndex={0}
      aria-activedescendant={selected === undefined ? undefined : `${ids}${selected}`}
      onKeyDown={onKeyDown}
    >
      {held.map((message) => (
        <HeldRow
          key={message.number}
          id={`${ids}${message.number}`}
          session={session}
          isRunning={isRunning}
          message={message}
          isSelected={message.number === selected}
          onSelect={onSelect}
        />
      ))}
    </div>
  );
}

/** Scrolls the list only, so that the buttons of the selected message stay where they are. */
function showRow(list: HTMLElement, { offsetTop, offsetHeight }: HTMLElement): void {
  const below = offsetTop + offsetHeight - list.clientHeight;
  if (offsetTop < list.scrollTop) list.scrollTop = offsetTop;
  else if (below > list.scrollTop) list.scrollTop = below;
}

interface HeldRowProps extends Pick<HeldListProps, "session" | "isRunning" | "onSelect"> {
  readonly id: string;
  readonly message: HeldMessage;
  readonly isSelected: boolean;
}

function HeldRow({ id, session, isRunning, message, isSelected, onSelect }: HeldRowProps) {
  const Icon = message.from === "guest" ? ArrowUpFromLine : ArrowDownToLine;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the focus and takes the keys.
    // biome-ignore lint/a11y/useFocusableInteractive: as above.
    <div
      id={id}
      className="held-row"
      role="option"
      aria-selected={isSelected}
      onClick={() => onSelect(message.number)}
    >
      <Icon size={16} aria-hidden />
      <span className="held-name">{nameOfHeld(message)}</span>
      <HeldTime since={message.since} />
      {(message.action !== undefined || message.tries > 1 || isRunning) && (
        <span className="held-facts">
          {message.action !== undefined && <span>{message.action}</span>}
          {message.tries > 1 && <span>try {message.tries}</span>}
          {isRunning && <HeldTimeLeft session={session} message={message} />}
        </span>
      )}
    </div>
  );
}
