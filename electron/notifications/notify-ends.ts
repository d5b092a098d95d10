import { Notification } from "electron";
import type { SessionSummary } from "../../shared/session/session-summary.ts";
import { createWatchNews } from "../../shared/watch/watch-news.ts";

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
  const newsIn = createWatchNews();
  for await (const all of sessions) {
    for (const { session, title, text } of newsIn(all)) if (!isInFront()) notify(session, title, text, show);
    const ended = all.filter(({ status }) => status !== "running");
    // Sessions that had ended before the app began are not reported.
    for (const session of ended)
      if (known && !known.has(session.id) && isWorthIt(session) && !isInFront())
        notify(session.id, describeEnd(session), session.error?.message ?? "", show);
    known = new Set(ended.map(({ id }) => id));
  }
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
