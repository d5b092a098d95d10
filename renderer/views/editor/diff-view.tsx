import { type MergeConfig, MergeView } from "@codemirror/merge";
import type { Extension } from "@codemirror/state";
import { useEffect, useRef } from "react";
import { readOnlySetup } from "./code-editor.ts";
import "./diff-view.css";

interface DiffViewProps {
  readonly before: string;
  readonly after: string;
  readonly titles: readonly [before: string, after: string];
  /** Names of the texts for screen readers; by default, the titles. */
  readonly labels?: readonly [before: string, after: string];
  /** Marks differences within a line, too. */
  readonly isFine: boolean;
  readonly language: Extension;
  /** Must be the same object as long as nothing in it changes. */
  readonly options?: MergeConfig;
}

const usualOptions: MergeConfig = { collapseUnchanged: {} };

/** Two texts side by side, with their differences marked. */
export function DiffView({
  before,
  after,
  titles,
  labels: [left, right] = titles,
  isFine,
  language,
  options = usualOptions,
}: DiffViewProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!box.current) return;
    const side = (doc: string, label: string) => ({ doc, extensions: readOnlySetup(label, language) });
    const view = new MergeView({
      parent: box.current,
      a: side(before, left),
      b: side(after, right),
      gutter: true,
      highlightChanges: isFine,
      ...options,
    });
    return () => view.destroy();
  }, [before, after, left, right, isFine, language, options]);
  return (
    <section className="diff" aria-label={`${left} and ${right}`}>
      <header className="diff-titles">
        <span>{titles[0]}</span>
        <span>{titles[1]}</span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached from the keyboard. */}
      <div className="diff-texts" ref={box} tabIndex={0} />
    </section>
  );
}
