import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { fileName } from "../../../state/files/file-name.ts";
import { readOnlySetup } from "../../editor/code-editor.ts";
import { plainLanguageOf } from "../../editor/file-language.ts";
import { markText } from "./mark-text.ts";
import "../../editor/editor.css";

interface ReadOnlyCodeProps {
  /** Tells the language. */
  readonly path: string;
  readonly text: string;
  /** Marked where the text has it; the first place is shown. */
  readonly sought?: string | undefined;
}

/** A text that can be read, selected and searched, with the colours of its language. */
export function ReadOnlyCode({ path, text, sought }: ReadOnlyCodeProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!box.current) return;
    const extensions = [
      readOnlySetup(fileName(path), plainLanguageOf(path, text)),
      sought ? markText(sought) : [],
    ];
    const view = new EditorView({
      parent: box.current,
      state: EditorState.create({ doc: text, extensions }),
    });
    const at = sought ? text.indexOf(sought) : -1;
    if (at >= 0) view.dispatch({ effects: EditorView.scrollIntoView(at, { y: "center" }) });
    return () => view.destroy();
  }, [path, text, sought]);
  return <div className="read-only-code" ref={box} />;
}
