import { Notification } from "electron";
import type { SessionSummary } from "../../shared/session/session-summary.ts";
import type { RoundOutcome } from "../../shared/watch/round-outcome.ts";
import { isNews, markOf } from "../../shared/watch/round-words.ts";

/** Builds that took less are over before a person has looked away. Milliseconds. */
const longBuild = 10_000;

interface NotifyOptions {
  /** The sessions, whenever they have changed. */
  readonly sessions: AsyncIterable<readonly SessionSummary[]>;
  readonly isInFront: () => boolean;
  readonly show: (session: string) => void;
}

/** Notifies of each long build that ends, and each changed verdict of a watch, while the window is not in front. */
export async function notifyEnds({ sessions, isInFront, show }: NotifyOptions): Promise<void> {
  let known: ReadonlySet<string> | undefined;
  const outcomes = new Map<string, RoundOutcome>();
  for await (const all of sessions) {
    for (const { id, watch, title } of all) {
      const newest = watch?.outcomes.at(-1);
      const before = outcomes.get(id);
      if (!newest || isSameVerdict(before, newest)) continue;
      outcomes.set(id, newest);
      if (known && isNews(before, newest) && !isInFront())
        notify(newest.session ?? id, `${title}: ${markOf(newest)}`, newest.text, show);
    }
    const ended = all.filter(({ status }) => status !== "running");
    // Sessions that had ended before the app began are not reported.
    for (const session of ended)
      if (known && !known.has(session.id) && isWorthIt(session) && !isInFront())
        notify(session.id, describeEnd(session), session.error?.message ?? "", show);
    known = new Set(ended.map(({ id }) => id));
  }
}

function isSameVerdict(one: RoundOutcome | undefined, other: RoundOutcome): boolean {
  return one?.round === other.round && one.kind === other.kind;
}

function describeEnd({ title, status }: SessionSummary): string {
  return `${title} ${status === "succeeded" ? "is done" : "has failed"}`;
}

/** A person who has cancelled a build knows that it has ended. */
function isWorthIt({ kind, started, ended = Date.now(), status }: SessionSummary): boolean {
  return kind === "build" && ended - started >= longBuild && status !== "cancelled";
}

/** Those that a person may still click: one that nobody holds is collected, and its click is lost. */
const shown = new Set<Notification>();

/** @param id the session that a click shows */
function notify(id: string, title: string, body: string, show: (session: string) => void): void {
  const notification = new Notification({ title, body });
  shown.add(notification);
  notification.once("click", () => {
    shown.delete(notification);
    show(id);
  });
  notification.once("close", () => shown.delete(notification));
  notification.show();
}
