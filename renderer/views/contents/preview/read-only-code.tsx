import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { fileName } from "../../../state/files/file-name.ts";
import { readOnlySetup } from "../../editor/code-editor.ts";
import { plainLanguageOf } from "../../editor/file-language.ts";
import "../../editor/editor.css";

interface ReadOnlyCodeProps {
  /** Tells the language. */
  readonly path: string;
  readonly text: string;
}

/** A text that can be read, selected and searched, with the colours of its language. */
export function ReadOnlyCode({ path, text }: ReadOnlyCodeProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!box.current) return;
    const extensions = readOnlySetup(fileName(path), plainLanguageOf(path, text));
    const view = new EditorView({
      parent: box.current,
      state: EditorState.create({ doc: text, extensions }),
    });
    return () => view.destroy();
  }, [path, text]);
  return <div className="read-only-code" ref={box} />;
}
