import { shellKeepTime } from "../../../shared/limits.ts";
import { type Part, partTitle } from "../layout/parts.ts";
import { showPart } from "../layout/session-panels.ts";
import { sayOffer } from "../messages/notices.ts";
import { findSession } from "../sessions/find-session.ts";
import { leaveShell } from "./guest-actions.ts";

/** Left shells that were not reported yet. */
let left: readonly Part[] = [];

/** Keeps a shell whose session's tab was closed, and offers to open it again: one notice for all that go together. */
export function keepShell(part: Part): void {
  leaveShell(part);
  if (findSession(part.session)?.status !== "running") return;
  if (left.length === 0) setTimeout(sayKept);
  const { session, kind, instance, title } = part;
  left = [...left, { session, kind, ...(instance && { instance }), ...(title && { title }) }];
}

function sayKept(): void {
  const kept = left;
  left = [];
  const names = new Intl.ListFormat("en").format(kept.map((part) => partTitle(part)));
  sayOffer(`${names} ${kept.length === 1 ? "keeps" : "keep"} running for one minute.`, {
    label: "Open again",
    milliseconds: shellKeepTime,
    run: () => kept.forEach(showPart),
  });
}
