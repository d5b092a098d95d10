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
    "&": {
      height: "100%",
      color: "var(--text)",
      backgroundColor: "var(--surface)",
      fontSize: "var(--font-size)",
    },
    "&.cm-focused": { outline: "none" },
    ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.55", overflow: "auto" },
    ".cm-content": { padding: "var(--space-2) 0", caretColor: "var(--text)" },
    ".cm-line": { padding: "0 var(--space-3) 0 var(--space-2)" },
    ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--text)" },
    ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--text-faint)", border: "0" },
    ".cm-lineNumbers .cm-gutterElement": {
      minWidth: "var(--column-short)",
      padding: "0 var(--space-1) 0 var(--space-2)",
    },
    ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
    "&.cm-focused .cm-activeLine": { backgroundColor: "var(--code-line)" },
    "&.cm-focused .cm-activeLineGutter": { backgroundColor: "var(--code-line)", color: "var(--text)" },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
      backgroundColor: "var(--code-selection)",
    },
    ".cm-selectionMatch, .cm-searchMatch": { backgroundColor: "var(--warn-wash)" },
    ".cm-searchMatch-selected": { outline: "var(--line-width) solid var(--warn)" },
    "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--pressed)" },
    "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--bad-wash)" },
    // As exact as the library's own rules for it.
    "& .cm-specialChar": {
      padding: "0 var(--space-half)",
      outline: "var(--line-width) solid currentColor",
      outlineOffset: "calc(-1 * var(--line-width))",
      borderRadius: "var(--radius-tiny)",
      color: "var(--warn)",
      fontSize: "var(--font-size-tiny)",
    },
    ".cm-foldPlaceholder": { border: "0", backgroundColor: "var(--hover)", color: "var(--text-quiet)" },
    ".cm-tooltip": {
      border: "var(--line-width) solid var(--line)",
      borderRadius: "var(--radius)",
      backgroundColor: "var(--raised)",
      color: "var(--text)",
      boxShadow: "var(--shadow)",
      fontSize: "var(--font-size-small)",
    },
    ".cm-tooltip.cm-tooltip-autocomplete > ul": {
      maxHeight: "var(--box-medium)",
      fontFamily: "var(--font-mono)",
    },
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
      padding: "var(--space-1) var(--space-2)",
      lineHeight: "1.4",
    },
    ".cm-tooltip-autocomplete ul li[aria-selected]": {
      backgroundColor: "var(--accent-wash)",
      color: "var(--text)",
    },
    ".cm-completionMatchedText": { color: "var(--accent)", textDecoration: "none", fontWeight: "600" },
    ".cm-completionDetail": { color: "var(--text-quiet)", fontStyle: "normal" },
    ".cm-tooltip.cm-completionInfo": {
      maxWidth: "var(--box-large)",
      padding: "var(--space-2)",
      fontFamily: "var(--font)",
    },
    ".cm-tooltip-section + .cm-tooltip-section": { borderTop: "var(--line-width) solid var(--line)" },
    ".cm-diagnostic": {
      padding: "var(--space-2) var(--space-3)",
      borderLeft: "var(--bar-width) solid var(--bad)",
      maxWidth: "var(--box-huge)",
    },
    ".cm-lintRange-error": {
      backgroundImage: "none",
      textDecoration: "underline wavy var(--bad) var(--line-width)",
      textUnderlineOffset: "var(--space-half)",
    },
    ".cm-gutter-lint": { width: "var(--space-3)" },
    ".cm-gutter-lint .cm-gutterElement": { padding: "0" },
    ".cm-lint-marker": {
      width: "var(--dot)",
      height: "var(--dot)",
      marginTop: "calc((1lh - var(--dot)) / 2)",
      borderRadius: "var(--radius-tiny)",
    },
    ".cm-lint-marker-error": { content: "''", backgroundColor: "var(--bad)" },
    ".cm-lintPoint-error::after": { borderBottomColor: "var(--bad)" },
    ".cm-snippetField": { backgroundColor: "var(--pressed)" },
    ".cm-panels": { borderColor: "var(--line)", backgroundColor: "var(--ground)", color: "var(--text)" },
    ".cm-panels-bottom": { borderTop: "var(--line-width) solid var(--line)" },
    ".cm-panel.cm-search": { padding: "var(--space-2) var(--space-3)", fontFamily: "var(--font)" },
    ".cm-panel.cm-search label": { fontSize: "var(--font-size-small)" },
    ".cm-textfield": {
      minHeight: "var(--height-small)",
      border: "var(--line-width) solid var(--line-strong)",
      borderRadius: "var(--radius)",
      backgroundColor: "var(--surface)",
      fontSize: "var(--font-size-small)",
    },
    ".cm-button": {
      minHeight: "var(--height-small)",
      border: "var(--line-width) solid var(--line-strong)",
      borderRadius: "var(--radius)",
      background: "var(--raised)",
      fontSize: "var(--font-size-small)",
    },
  }),
];
