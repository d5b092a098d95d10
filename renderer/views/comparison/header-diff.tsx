import type { HeaderDifference } from "../../../shared/session/session-comparison.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";

interface HeaderDiffProps {
  readonly title: string;
  readonly headers: readonly HeaderDifference[];
}

/** The headers of a request or response that differ, beside each other. */
export function HeaderDiff({ title, headers }: HeaderDiffProps) {
  if (headers.length === 0) return null;
  return (
    <section className="header-diff" aria-label={title}>
      <header className="header-diff-title">{title}</header>
      <ul>
        {headers.map(({ name, first, second }) => (
          <li key={name}>
            <Side name={name} value={first} />
            <Side name={name} value={second} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Side({ name, value }: { readonly name: string; readonly value: string | undefined }) {
  if (value === undefined) return <span className="pair-missing">No {escapeName(name)}</span>;
  return (
    <code>
      <b>{escapeName(name)}:</b> {escapeName(value)}
    </code>
  );
}
