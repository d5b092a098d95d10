import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../button.tsx";
import "./search-bar.css";

/** The next or the previous place, or the one that is shown if it still has the text, which a person types. */
export type SearchDirection = "next" | "previous" | "here";

/** A view whose text can be searched. */
export interface Searchable {
  find(text: string, direction: SearchDirection): SearchMatches;
  /** Takes the marks away. */
  endSearch(): void;
  focus(): void;
}

export interface SearchMatches {
  readonly count: number;
  /** The number of the one that is shown, from 1; 0 when there are none, or too many to be numbered. */
  readonly current: number;
}

interface SearchBarProps {
  /** The name of the searched view, as in "Search the console". */
  readonly label: string;
  readonly searched: Searchable;
  readonly onClose: () => void;
}

/** Finds text in a view. */
export function SearchBar({ label, searched, onClose }: SearchBarProps) {
  const [text, setText] = useState("");
  const [matches, setMatches] = useState<SearchMatches>();
  const find = (direction: SearchDirection, sought = text) => {
    if (sought === "") searched.endSearch();
    setMatches(sought === "" ? undefined : searched.find(sought, direction));
  };
  const close = () => {
    searched.endSearch();
    searched.focus();
    onClose();
  };
  return (
    <search
      className="search-bar"
      onKeyDown={({ key }) => {
        if (key === "Escape") close();
      }}
    >
      <input
        className="text-input"
        aria-label={label}
        placeholder="Search"
        ref={takeFocus}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          find("here", target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") find(event.shiftKey ? "previous" : "next");
        }}
      />
      <span role="status" data-missing={matches?.count === 0 || undefined}>
        {matches && describe(matches)}
      </span>
      <IconButton icon={ChevronUp} label="Previous" keys="Shift+Enter" onClick={() => find("previous")} />
      <IconButton icon={ChevronDown} label="Next" keys="Enter" onClick={() => find("next")} />
      <IconButton icon={X} label="Close the search" keys="Esc" onClick={close} />
    </search>
  );
}

/** Takes the focus once: a new function would take it again whenever the searched view has changed. */
function takeFocus(input: HTMLInputElement | null): void {
  input?.focus();
}

function describe({ count, current }: SearchMatches): string {
  if (count === 0) return "Not found";
  return current > 0 ? `${current} of ${count}` : `${count} found`;
}
