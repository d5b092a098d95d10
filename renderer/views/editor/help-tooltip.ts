import { type Completion, startCompletion } from "@codemirror/autocomplete";
import type { EditorView, Tooltip } from "@codemirror/view";

/** A tooltip that explains the text at a place. */
export function helpTooltip(from: number, to: number, text: string): Tooltip {
  return {
    pos: from,
    end: to,
    above: true,
    create: () => {
      const dom = document.createElement("div");
      dom.className = "code-help";
      dom.textContent = text;
      return { dom };
    },
  };
}

/** Inserts a completion as usual, and then suggests the next one. */
export function thenSuggest(
  apply: (view: EditorView, from: number, to: number) => void,
): Completion["apply"] {
  return (view, _completion, from, to) => {
    apply(view, from, to);
    startCompletion(view);
  };
}
