import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const highlighting = HighlightStyle.define([
  {
    tag: [tags.propertyName, tags.definition(tags.propertyName), tags.attributeName],
    color: "var(--code-key)",
  },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--code-value)" },
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword], color: "var(--code-keyword)" },
  { tag: [tags.variableName, tags.standard(tags.variableName)], color: "var(--code-name)" },
  { tag: [tags.comment, tags.lineComment, tags.meta], color: "var(--code-comment)" },
]);

/** The app's own colours and sizes, see theme.css and editor.css. */
export const codeTheme: Extension = [
  syntaxHighlighting(highlighting),
  EditorView.theme({
    "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--surface)", fontSize: "var(--size)" },
    "&.cm-focused": { outline: "none" },
    ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.55", overflow: "auto" },
    ".cm-content": { padding: "8px 0", caretColor: "var(--text)" },
    ".cm-line": { padding: "0 12px 0 8px" },
    ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--text)" },
    ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--text-faint)", border: "0" },
    ".cm-lineNumbers .cm-gutterElement": { minWidth: "32px", padding: "0 4px 0 8px" },
    ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
    "&.cm-focused .cm-activeLine": { backgroundColor: "var(--code-line)" },
    "&.cm-focused .cm-activeLineGutter": { backgroundColor: "var(--code-line)", color: "var(--text)" },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
      backgroundColor: "var(--code-selection)",
    },
    ".cm-selectionMatch, .cm-searchMatch": { backgroundColor: "var(--warn-wash)" },
    ".cm-searchMatch-selected": { outline: "1px solid var(--warn)" },
    "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--pressed)" },
    "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--bad-wash)" },
    ".cm-foldPlaceholder": { border: "0", backgroundColor: "var(--hover)", color: "var(--text-quiet)" },
    ".cm-tooltip": {
      border: "1px solid var(--line)",
      borderRadius: "var(--radius)",
      backgroundColor: "var(--raised)",
      color: "var(--text)",
      boxShadow: "var(--shadow)",
      fontSize: "12px",
    },
    ".cm-tooltip.cm-tooltip-autocomplete > ul": { maxHeight: "260px", fontFamily: "var(--font-mono)" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "4px 8px", lineHeight: "1.4" },
    ".cm-tooltip-autocomplete ul li[aria-selected]": {
      backgroundColor: "var(--accent-wash)",
      color: "var(--text)",
    },
    ".cm-completionMatchedText": { color: "var(--accent)", textDecoration: "none", fontWeight: "600" },
    ".cm-completionDetail": { color: "var(--text-quiet)", fontStyle: "normal" },
    ".cm-tooltip.cm-completionInfo": { maxWidth: "300px", padding: "8px", fontFamily: "var(--font)" },
    ".cm-tooltip-section + .cm-tooltip-section": { borderTop: "1px solid var(--line)" },
    ".cm-diagnostic": { padding: "8px 12px", borderLeft: "3px solid var(--bad)", maxWidth: "480px" },
    ".cm-lintRange-error": {
      backgroundImage: "none",
      textDecoration: "underline wavy var(--bad) 1px",
      textUnderlineOffset: "3px",
    },
    ".cm-gutter-lint": { width: "12px" },
    ".cm-gutter-lint .cm-gutterElement": { padding: "0" },
    ".cm-lint-marker": { width: "8px", height: "8px", marginTop: "6px", borderRadius: "2px" },
    ".cm-lint-marker-error": { content: "''", backgroundColor: "var(--bad)" },
    ".cm-lintPoint-error::after": { borderBottomColor: "var(--bad)" },
    ".cm-snippetField": { backgroundColor: "var(--pressed)" },
    ".cm-panels": { borderColor: "var(--line)", backgroundColor: "var(--ground)", color: "var(--text)" },
    ".cm-panels-bottom": { borderTop: "1px solid var(--line)" },
    ".cm-panel.cm-search": { padding: "8px 12px", fontFamily: "var(--font)" },
    ".cm-panel.cm-search label": { fontSize: "12px" },
    ".cm-textfield": {
      minHeight: "24px",
      border: "1px solid var(--line-strong)",
      borderRadius: "var(--radius)",
      backgroundColor: "var(--surface)",
      fontSize: "12px",
    },
    ".cm-button": {
      minHeight: "24px",
      border: "1px solid var(--line-strong)",
      borderRadius: "var(--radius)",
      background: "var(--raised)",
      fontSize: "12px",
    },
  }),
];
