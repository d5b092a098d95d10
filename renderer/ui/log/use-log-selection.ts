import { type ClipboardEvent, type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";

interface LogSelection {
  /** Whether a person has selected text in the log, or has the focus in one of its rows: the drawn rows must stay. */
  readonly isHeld: boolean;
  /** Drops the selection. */
  release(): void;
  readonly handlers: {
    onKeyDown(event: KeyboardEvent): void;
    onCopy(event: ClipboardEvent): void;
  };
}

/**
 * Selects text in a log of which only the visible rows are drawn: Ctrl+A selects the whole log and nothing else.
 *
 * @param textOf the text of the whole log
 */
export function useLogSelection(box: RefObject<HTMLElement | null>, textOf: () => string): LogSelection {
  const [isHeld, setHeld] = useState(false);
  const focused = useRef<Element>(undefined);
  const look = () => {
    const { activeElement } = document;
    setHeld(isInUse(box.current));
    if (activeElement && box.current?.contains(activeElement)) focused.current = activeElement;
    else if (activeElement !== document.body) focused.current = undefined;
    // A row that had the focus and has scrolled away would leave it to the whole page.
    else if (focused.current?.isConnected === false) box.current?.focus({ preventScroll: true });
  };
  // A row that is gone tells nobody.
  useEffect(look);
  useEffect(() => {
    const events = ["selectionchange", "focusin", "focusout"];
    for (const event of events) document.addEventListener(event, look);
    return () => {
      for (const event of events) document.removeEventListener(event, look);
    };
  }, []);
  return {
    isHeld,
    release: () => {
      const selection = getSelection();
      if (box.current?.contains(selection?.anchorNode ?? null)) selection?.removeAllRanges();
    },
    handlers: {
      onKeyDown: (event) => {
        const isSelectAll = event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey);
        if (!isSelectAll || event.shiftKey || event.altKey || !box.current) return;
        event.preventDefault();
        getSelection()?.selectAllChildren(box.current);
      },
      onCopy: (event) => {
        if (!isAllSelected(box.current)) return;
        event.preventDefault();
        event.clipboardData.setData("text/plain", textOf());
      },
    },
  };
}

function isInUse(box: HTMLElement | null): boolean {
  const { activeElement } = document;
  if (!box) return false;
  if (activeElement !== box && box.contains(activeElement)) return true;
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && box.contains(selection.anchorNode);
}

function isAllSelected(box: HTMLElement | null): boolean {
  const selection = getSelection();
  return selection?.anchorNode === box && selection?.focusNode === box && !selection?.isCollapsed;
}
