import type { CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { yaml, yamlLanguage } from "@codemirror/lang-yaml";
import type { Extension } from "@codemirror/state";
import { type EditorView, hoverTooltip } from "@codemirror/view";
import type { z } from "zod";
import { helpTooltip, thenSuggest } from "../help-tooltip.ts";
import { createYamlHelp, type YamlHelp } from "./yaml-help.ts";

/** YAML with the help of a schema. */
export function schemaLanguage(schema: z.ZodType): Extension {
  const help = createYamlHelp(schema);
  return [
    yaml(),
    yamlLanguage.data.of({ autocomplete: (context: CompletionContext) => complete(context, help) }),
    hoverTooltip((view, position) => {
      const found = help.explain(view.state.doc.toString(), position);
      return found ? helpTooltip(found.from, found.to, found.help) : null;
    }),
  ];
}

function complete({ state, pos, explicit }: CompletionContext, help: YamlHelp): CompletionResult | null {
  const text = state.doc.toString();
  const { from, words } = help.suggest(text, pos);
  if (words.length === 0 || (!explicit && from === pos)) return null;
  return {
    from,
    options: words.map(({ word, help, isKey }) => ({
      label: word,
      type: isKey ? "property" : "constant",
      info: help,
      ...(isKey && { apply: thenSuggest((view, from, to) => insert(view, from, to, `${word}: `)) }),
    })),
    validFor: /^[\w-]*$/,
  };
}

function insert(view: EditorView, from: number, to: number, text: string): void {
  view.dispatch({ changes: { from, to, insert: text }, selection: { anchor: from + text.length } });
}
