import { createWatchNews } from "../../../shared/watch/watch-news.ts";
import { desktop } from "../../client/desktop.ts";
import { sessions } from "../connection/app-state.ts";
import { showSession } from "../layout/session-panels.ts";
import { findSession } from "../sessions/find-session.ts";

/** Asks the person whether the browser may notify them, when they click on something that would: once, as browsers do. */
export function askToNotify(): void {
  if (canNotify() && Notification.permission === "default") void Notification.requestPermission();
}

/**
 * Notifies of each changed verdict of a watch by the browser, if the person permits it, while the page is not in front.
 *
 * @returns a function that ends it
 */
export function notifyVerdicts(): () => void {
  if (!canNotify()) return () => {};
  const newsIn = createWatchNews();
  const look = () => {
    const all = sessions.getState().value;
    if (!all) return;
    for (const { session, title, text } of newsIn(all)) {
      if (document.hasFocus() || Notification.permission !== "granted") continue;
      // A newer verdict takes the place of the one before it.
      const notification = new Notification(title, { body: text, tag: "watch" });
      notification.onclick = () => {
        window.focus();
        const found = findSession(session);
        if (found) showSession(found);
        notification.close();
      };
    }
  };
  look();
  return sessions.subscribe(look);
}

/** The desktop app has notifications of its own. */
function canNotify(): boolean {
  return desktop() === undefined && "Notification" in window;
}
