import "./keys.css";

/** A keyboard shortcut, written "Ctrl+Shift+P". */
export function Keys({ of }: { readonly of: string }) {
  return <kbd className="keys">{of}</kbd>;
}
