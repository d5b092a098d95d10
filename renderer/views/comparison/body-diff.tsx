import { json } from "@codemirror/lang-json";
import { useState } from "react";
import type { ExchangeBody } from "../../../shared/guest/exchange.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorText } from "../../ui/messages/error-text.tsx";
import { DiffView } from "../editor/diff-view.tsx";
import { bodyMerge } from "./body-merge.ts";
import { isLarge, useBody } from "./use-body.ts";

interface BodyDiffProps {
  readonly title: "Request" | "Response";
  readonly sessions: readonly [first: string, second: string];
  /** Absent in a session that has no such exchange, or while that is open. */
  readonly bodies: readonly [first: ExchangeBody | undefined, second: ExchangeBody | undefined];
}

const jsonLanguage = json();
const noLanguage: readonly [] = [];

/** The bodies of both requests or both responses beside each other, with the lines marked that differ. */
export function BodyDiff({ title, sessions, bodies: [first, second] }: BodyDiffProps) {
  const [isAsked, setAsked] = useState(false);
  // Both or neither: the beginning of one body would differ from the whole of the other.
  const isWanted = isAsked || !(isLarge(first) || isLarge(second));
  const left = useBody(sessions[0], first, isWanted);
  const right = useBody(sessions[1], second, isWanted);
  const isEmpty = left.text === "" && right.text === "";
  const error = left.error ?? right.error;
  if (left.isReading || right.isReading) return <p className="pair-note">{title}: reading its body…</p>;
  if (isEmpty && !error) return <p className="pair-note">{title}: no body</p>;
  return (
    <section className="body-diff" aria-label={title}>
      {error && (
        <div className="pair-error">
          <ErrorText error={error} />
        </div>
      )}
      <DiffView
        before={left.text}
        after={right.text}
        titles={[describeSize(title, first, left.bytes), describeSize(title, second, right.bytes)]}
        labels={[`${title} of the first session`, `${title} of the second session`]}
        isFine
        language={left.isJson || right.isJson ? jsonLanguage : noLanguage}
        options={bodyMerge}
      />
      {!isWanted && (left.hasMore || right.hasMore) && (
        <p className="pair-note">
          This is the beginning of both.
          <Button look="quiet" onClick={() => setAsked(true)}>
            Load the rest
          </Button>
        </p>
      )}
    </section>
  );
}

/** @param shown bytes of it */
function describeSize(title: string, body: ExchangeBody | undefined, shown: number): string {
  if (!body) return `No ${title.toLowerCase()}`;
  const size = formatBytes(body.bytes);
  return `${title}: ${shown < body.bytes ? `${formatBytes(shown)} of ${size}` : size}`;
}
