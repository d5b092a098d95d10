import type { Extension } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { useEffect, useRef, useState } from "react";
import type { TextIssue } from "../../../shared/errors/text-issue.ts";
import { fileName } from "../../state/files/file-name.ts";
import { changeFile } from "../../state/files/open-files.ts";
import { openCodeEditor, showIssues, showText } from "./code-editor.ts";

interface CodeBoxProps {
  readonly path: string;
  readonly text: string;
  readonly language: Extension;
  readonly issues: readonly TextIssue[];
  /** The text in which these were found. */
  readonly issuesText: string;
  /** Another view is in its place; the editor continues. */
  readonly isHidden: boolean;
  readonly onOpen: (view: EditorView | undefined) => void;
}

/** The editor of a file's text. */
export function CodeBox({ path, text, language, issues, issuesText, isHidden, onOpen }: CodeBoxProps) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<EditorView>();
  // Later texts are shown by the editor that is there.
  useEffect(() => {
    if (!box.current) return;
    const opened = openCodeEditor(box.current, {
      text,
      label: fileName(path),
      language,
      onChange: (written) => changeFile(path, (file) => ({ ...file, text: written })),
    });
    setView(opened);
    onOpen(opened);
    return () => {
      onOpen(undefined);
      opened.destroy();
    };
  }, [path, language]);
  useEffect(() => {
    if (view) showText(view, text);
  }, [view, text]);
  useEffect(() => {
    if (view) showIssues(view, issuesText, issues);
  }, [view, issuesText, issues]);
  return <div className="code-box" ref={box} hidden={isHidden} />;
}
