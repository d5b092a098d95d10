import { useEffect, useRef } from "react";
import { stripControls } from "../../../shared/text/strip-controls.ts";

interface RunNotesProps {
  readonly notes: readonly { readonly number: number; readonly text: string }[];
}

/** The notes of a run. There is room for a few lines: the newest ones are in sight. */
export function RunNotes({ notes }: RunNotesProps) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const box = list.current;
    if (!box) return;
    const showNewest = () => box.scrollTo(0, box.scrollHeight);
    showNewest();
    // A tab that was behind another one had no size, and has lost its place.
    const sizes = new ResizeObserver(showNewest);
    sizes.observe(box);
    return () => sizes.disconnect();
  }, [notes.length]);
  if (notes.length === 0) return null;
  return (
    <ul className="run-notes" aria-label="Notes" ref={list}>
      {notes.map(({ number, text }) => (
        <li key={number}>{stripControls(text)}</li>
      ))}
    </ul>
  );
}
