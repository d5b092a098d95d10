import type { EditorView } from "@codemirror/view";
import { makeEdits } from "../code-editor.ts";
import { formatJson } from "./json-service.ts";
import { type Identity, newIdentity } from "./new-identity.ts";

/** Puts each value on a line of its own; the keys stay in their order. */
export function formatMachine(view: EditorView): void {
  makeEdits(view, formatJson(view.state.doc.toString()));
}

/** Gives the machine a new UUID or MAC address. */
export function giveNewIdentity(view: EditorView, identity: Identity): void {
  const edit = newIdentity(view.state.doc.toString(), identity);
  if (edit) makeEdits(view, [edit]);
}
