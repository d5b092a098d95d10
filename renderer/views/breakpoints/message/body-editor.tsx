import { json } from "@codemirror/lang-json";
import type { Extension } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { useEffect, useMemo, useRef, useState } from "react";
import type { z } from "zod";
import { schemaIssues } from "../../../../shared/errors/schema-issues.ts";
import type { TextIssue } from "../../../../shared/errors/text-issue.ts";
import type { BodyFormat } from "../../../state/breakpoints/held-queue.ts";
import { goTo, openCodeEditor, showIssues, showText } from "../../editor/code-editor.ts";
import { IssueList } from "../../editor/issue-list.tsx";
import { jsonIssues } from "../../editor/json-issues.ts";
import { hexLanguage } from "./hex-language.ts";
import "./message.css";

interface BodyEditorProps {
  /** The name for screen readers. */
  readonly label?: string;
  readonly text: string;
  readonly format: BodyFormat;
  /** Of JSON that must have a certain form. A body of another form can be sent all the same. */
  readonly schema?: z.ZodType | undefined;
  readonly onChange: (text: string) => void;
}

const languages: Readonly<Record<BodyFormat, Extension>> = {
  json: json(),
  text: [],
  hex: hexLanguage,
  base64: [],
};

/** The editor of a message's body. It keeps the first `label`, `format` and `onChange`. */
export function BodyEditor({ label = "Body", text, format, schema, onChange }: BodyEditorProps) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<EditorView>();
  const issues = useMemo(() => (format === "json" ? issuesOfJson(text, schema) : []), [text, format, schema]);
  useEffect(() => {
    if (!box.current) return;
    const opened = openCodeEditor(box.current, {
      text,
      label,
      language: languages[format],
      onChange,
    });
    setView(opened);
    return () => opened.destroy();
  }, []);
  useEffect(() => {
    if (view) showText(view, text);
  }, [view, text]);
  useEffect(() => {
    if (view) showIssues(view, text, issues);
  }, [view, text, issues]);
  return (
    <div className="held-editor">
      <div className="held-code" ref={box} />
      <IssueList issues={issues} text={text} onChoose={(issue) => view && goTo(view, issue)} />
    </div>
  );
}

function issuesOfJson(text: string, schema: z.ZodType | undefined): readonly TextIssue[] {
  return jsonIssues(text, (value) => {
    const { error } = schema?.safeParse(value) ?? {};
    return error ? schemaIssues(error, value) : [];
  });
}
