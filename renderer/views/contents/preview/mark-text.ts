import type { Extension } from "@codemirror/state";
import { Decoration, MatchDecorator, ViewPlugin } from "@codemirror/view";

const mark = Decoration.mark({ class: "cm-searchMatch" });

/** Marks each place of a text, as a search in the editor does; upper and lower case differ. */
export function markText(sought: string): Extension {
  const regexp = new RegExp(sought.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"), "g");
  const decorator = new MatchDecorator({ regexp, decoration: mark });
  return ViewPlugin.define(
    (view) => ({
      marks: decorator.createDeco(view),
      update(update) {
        this.marks = decorator.updateDeco(update, this.marks);
      },
    }),
    { decorations: ({ marks }) => marks },
  );
}
