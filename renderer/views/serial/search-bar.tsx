import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../../ui/button.tsx";
import type { SerialTerminal } from "./serial-terminal.ts";

interface SearchBarProps {
  readonly terminal: SerialTerminal;
  readonly onClose: () => void;
}

/** Finds text in what the console shows. */
export function SearchBar({ terminal, onClose }: SearchBarProps) {
  const [text, setText] = useState("");
  const [isMissing, setMissing] = useState(false);
  const find = (direction: "next" | "previous", sought = text) =>
    setMissing(sought !== "" && !terminal.find(sought, direction));
  const close = () => {
    terminal.endSearch();
    onClose();
  };
  return (
    <search className="serial-search">
      <input
        className="text-input"
        aria-label="Search the console"
        placeholder="Search"
        ref={(input) => input?.focus()}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          find("next", target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") find(event.shiftKey ? "previous" : "next");
          if (event.key === "Escape") close();
        }}
      />
      <span role="status">{isMissing ? "Not found" : ""}</span>
      <IconButton icon={ChevronUp} label="Previous" keys="Shift+Enter" onClick={() => find("previous")} />
      <IconButton icon={ChevronDown} label="Next" keys="Enter" onClick={() => find("next")} />
      <IconButton icon={X} label="Close the search" keys="Esc" onClick={close} />
    </search>
  );
}
