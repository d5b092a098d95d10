import { AppError } from "../../shared/errors/errors.ts";

const unreleased = "## [Unreleased]\n";
const versionHeading = /^## \[(\d+\.\d+\.\d+)\]/m;

/** The part of a changelog that a release takes. */
interface Changes {
  /** The newest version that it has; undefined before the first release. */
  readonly released: string | undefined;
  /** All below the heading [Unreleased]. */
  readonly notes: string;
}

/** Reads CHANGELOG.md. @throws AppError `usage` when nothing is listed below [Unreleased] */
export function readChanges(changelog: string): Changes {
  const [, text] = splitAtUnreleased(changelog);
  const [notes = ""] = text.split(/^## /m);
  if (!/^- /m.test(notes))
    throw new AppError({
      code: "usage",
      message: "CHANGELOG.md lists nothing below [Unreleased]",
      advice: "List the changes there, then try again.",
    });
  return { released: versionHeading.exec(text)?.[1], notes: notes.trim() };
}

/** The changelog in which the unreleased changes are those of a version. @param date of the release, such as 2026-12-01 */
export function withVersion(changelog: string, version: string, date: string): string {
  const [before, text] = splitAtUnreleased(changelog);
  return `${before}${unreleased}\n## [${version}] - ${date}\n${text}`;
}

function splitAtUnreleased(changelog: string): readonly [before: string, after: string] {
  const index = changelog.indexOf(unreleased);
  if (index >= 0) return [changelog.slice(0, index), changelog.slice(index + unreleased.length)];
  throw new AppError({
    code: "usage",
    message: "CHANGELOG.md has no heading [Unreleased]",
    advice: "Add the heading, and list the changes below it.",
  });
}
