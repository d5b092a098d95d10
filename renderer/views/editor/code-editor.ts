import { autocompletion } from "@codemirror/autocomplete";
import { isolateHistory } from "@codemirror/commands";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { Annotation, EditorState, type Extension } from "@codemirror/state";
import { EditorView, highlightSpecialChars } from "@codemirror/view";
import { basicSetup } from "codemirror";
import type { TextIssue } from "../../../shared/errors/text-issue.ts";
import { codeTheme } from "./code-theme.ts";
import type { TextEdit } from "./machine/json-edit.ts";

interface CodeEditorOptions {
  readonly text: string;
  /** The name for screen readers. */
  readonly label: string;
  readonly language: Extension;
  /** Called with the text after each change that did not come by `showText`. */
  readonly onChange: (text: string) => void;
}

const carriageReturn = 13;

/** Marks a change that makes the editor show content which the rest of the window has already. */
const isNoNews = Annotation.define<true>();

/** The extensions of all editors. Lines end in \n; other characters that might end one are shown as characters. */
function setup(label: string, language: Extension): Extension {
  return [
    basicSetup,
    highlightSpecialChars({ render: specialCharacter }),
    autocompletion({ icons: false }),
    lintGutter(),
    codeTheme,
    language,
    EditorView.lineWrapping,
    EditorState.lineSeparator.of("\n"),
    EditorView.clipboardInputFilter.of((text) => text.replaceAll(/\r\n?/g, "\n")),
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
  ];
}

/** Draws a control character by a picture of it; few fonts have a readable one for the most frequent. */
function specialCharacter(code: number, description: string | null, picture: string): HTMLElement {
  const drawn = document.createElement("span");
  drawn.className = "cm-specialChar";
  drawn.textContent = code === carriageReturn ? "CR" : picture;
  drawn.title = description ?? "";
  drawn.ariaLabel = description;
  return drawn;
}

/** Opens an editor in a box. */
export function openCodeEditor(
  parent: HTMLElement,
  { text, label, language, onChange }: CodeEditorOptions,
): EditorView {
  const tellChanges = EditorView.updateListener.of(({ docChanged, state, transactions }) => {
    if (docChanged && !transactions.some((one) => one.annotation(isNoNews))) onChange(state.doc.toString());
  });
  const state = EditorState.create({ doc: text, extensions: [setup(label, language), tellChanges] });
  return new EditorView({ parent, state });
}

/** The extensions of a text that can't be edited. */
export function readOnlySetup(label: string, language: Extension): Extension {
  return [setup(label, language), EditorState.readOnly.of(true), EditorView.editable.of(false)];
}

/** Shows a text that has changed elsewhere; where it is the same, the cursor and the places that are shown stay. */
export function showText(view: EditorView, text: string): void {
  const shown = view.state.doc.toString();
  if (shown === text) return;
  const shorter = Math.min(shown.length, text.length);
  let start = 0;
  while (start < shorter && shown[start] === text[start]) start += 1;
  let end = 0;
  while (end < shorter - start && shown.at(-1 - end) === text.at(-1 - end)) end += 1;
  const changes = { from: start, to: shown.length - end, insert: text.slice(start, text.length - end) };
  view.dispatch({ changes, annotations: [isolateHistory.of("full"), isNoNews.of(true)] });
}

/** Makes edits that were not typed, as one step that undo takes back; shows the first of them. */
export function makeEdits(view: EditorView, edits: readonly TextEdit[]): void {
  const [first] = edits;
  if (!first) return;
  view.dispatch({
    changes: [...edits],
    annotations: isolateHistory.of("full"),
    effects: EditorView.scrollIntoView(first.from),
    userEvent: "input.form",
  });
}

/** Marks the issues in the text for which they were found; if the text has changed since, new issues follow soon. */
export function showIssues(view: EditorView, text: string, issues: readonly TextIssue[]): void {
  if (view.state.doc.toString() !== text) return;
  const diagnostics = issues.map((issue): Diagnostic => ({ ...issue, severity: "error" }));
  view.dispatch(setDiagnostics(view.state, diagnostics));
}

/** Puts the cursor where an issue is. */
export function goTo(view: EditorView, { from, to }: Pick<TextIssue, "from" | "to">): void {
  const end = Math.min(to, view.state.doc.length);
  view.dispatch({ selection: { anchor: Math.min(from, end), head: end }, scrollIntoView: true });
  view.focus();
}
