import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  snippet,
} from "@codemirror/autocomplete";
import { json, jsonLanguage } from "@codemirror/lang-json";
import type { Extension } from "@codemirror/state";
import { type EditorView, hoverTooltip, keymap } from "@codemirror/view";
import type { CompletionItem } from "vscode-json-languageservice";
import { helpTooltip, thenSuggest } from "../help-tooltip.ts";
import { explain, suggest } from "./json-service.ts";
import { formatMachine } from "./machine-actions.ts";

/** JSON with the help of the machine definition's schema. */
export const machineLanguage: Extension = [
  json(),
  jsonLanguage.data.of({ autocomplete: complete }),
  hoverTooltip(async (view, position) => {
    const found = await explain(view.state.doc.toString(), position);
    return found ? helpTooltip(found.from, found.to, found.lines.join("\n")) : null;
  }),
  keymap.of([{ key: "Shift-Alt-f", run: formatByKey }]),
];

function formatByKey(view: EditorView): boolean {
  formatMachine(view);
  return true;
}

async function complete({ state, pos, explicit }: CompletionContext): Promise<CompletionResult | null> {
  const text = state.doc.toString();
  // Between two values a list should not open by itself.
  if (!explicit && !/["\w]$/.test(text.slice(0, pos))) return null;
  const suggestions = await suggest(text, pos);
  const [first] = suggestions;
  if (!first) return null;
  return {
    from: first.from,
    to: first.to,
    options: suggestions.map(({ item, template }) => optionOf(item, template)),
  };
}

function optionOf({ filterText, label, documentation }: CompletionItem, template: string): Completion {
  const fill = snippet(template);
  const info = typeof documentation === "string" ? documentation : undefined;
  if (!filterText)
    return { label, type: "enum", info, apply: (view, _, from, to) => fill(view, null, from, to) };
  const apply = thenSuggest((view, from, to) => fill(view, null, from, to));
  return { label: filterText, displayLabel: label, type: "property", info, apply };
}
