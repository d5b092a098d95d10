import { type KeyboardEvent, useRef } from "react";
import { findByBeginning, type TreeLine, treeStep } from "./tree-keys.ts";

/** Letters belong together that are typed within so many milliseconds. */
const typingPause = 800;

interface UseTreeKeysOptions {
  readonly lines: readonly TreeLine[];
  /** The chosen line; -1 if there is none. */
  readonly at: number;
  readonly onGo: (to: number) => void;
  readonly onToggle: (at: number, isOpen: boolean) => void;
  /** Called for Enter on a line. */
  readonly onAct: (at: number) => void;
}

/** The keys of a tree: arrows, Home and End, Enter, and the beginnings of names. @returns the handler of its key events */
export function useTreeKeys({ lines, at, onGo, onToggle, onAct }: UseTreeKeysOptions) {
  const typed = useRef({ text: "", time: 0 });
  return (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target !== event.currentTarget) return;
    const { key } = event;
    const step = treeStep(lines, at, key);
    if (step?.kind === "go") onGo(step.to);
    else if (step) onToggle(step.at, step.kind === "open");
    else if (key === "Enter" && at >= 0) onAct(at);
    else if (key.length === 1 && key !== " ") {
      const { text, time } = typed.current;
      typed.current = {
        text: event.timeStamp - time < typingPause ? text + key : key,
        time: event.timeStamp,
      };
      const found = findByBeginning(lines, at, typed.current.text);
      if (found >= 0) onGo(found);
    } else return;
    event.preventDefault();
  };
}
