import type { Extension } from "@codemirror/state";
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, WidgetType } from "@codemirror/view";
import { charactersOfHex } from "./hex-text.ts";

class Characters extends WidgetType {
  readonly text: string;

  constructor(text: string) {
    super();
    this.text = text;
  }

  override eq(other: Characters): boolean {
    return other.text === this.text;
  }

  override toDOM(): HTMLElement {
    const shown = document.createElement("span");
    shown.className = "held-characters";
    shown.textContent = this.text;
    shown.ariaHidden = "true";
    return shown;
  }
}

/** Bytes in hexadecimal, with their characters behind each line. */
export const hexLanguage: Extension = ViewPlugin.define(
  (view) => ({
    decorations: charactersIn(view),
    update({ docChanged, viewportChanged, view: updated }) {
      if (docChanged || viewportChanged) this.decorations = charactersIn(updated);
    },
  }),
  { decorations: ({ decorations }) => decorations },
);

/** Only for the lines that are drawn: a body can have thousands. */
function charactersIn({ state, visibleRanges }: EditorView): DecorationSet {
  const widgets = visibleRanges.flatMap(({ from, to }) => {
    const found = [];
    for (let at = from; at <= to; ) {
      const line = state.doc.lineAt(at);
      const text = charactersOfHex(line.text);
      if (text) found.push(Decoration.widget({ widget: new Characters(text), side: 1 }).range(line.to));
      at = line.to + 1;
    }
    return found;
  });
  return Decoration.set(widgets);
}
