import { CircleX } from "lucide-react";
import type { TextIssue } from "../../../shared/errors/text-issue.ts";
import { formatCount } from "../../../shared/text/format.ts";
import "./issue-list.css";

/** Issues that are listed; nobody reads more. */
const maximumListed = 50;

interface IssueListProps {
  readonly issues: readonly TextIssue[];
  /** The text in which they were found. */
  readonly text: string;
  readonly onChoose: (issue: TextIssue) => void;
}

/** All issues of the text; choosing one moves the cursor to it. */
export function IssueList({ issues, text, onChoose }: IssueListProps) {
  return (
    <section className="issues" aria-label="Issues" hidden={issues.length === 0}>
      <p className="issues-title" role="status">
        {issues.length > 0 && formatCount(issues.length, "issue")}
      </p>
      <ul>
        {issues.slice(0, maximumListed).map((issue) => (
          <li key={`${issue.from} ${issue.message}`}>
            <button type="button" className="issue" onClick={() => onChoose(issue)}>
              <CircleX size={14} aria-hidden />
              <span className="issue-place">{placeIn(text, issue.from)}</span>
              <span>{issue.message}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Line and column. */
function placeIn(text: string, position: number): string {
  const before = text.slice(0, position).split("\n");
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
