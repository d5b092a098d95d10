import { KeyRound } from "lucide-react";
import { EmptyState } from "../../ui/messages/empty-state.tsx";
import "./no-access.css";

/** In place of the window, in a browser that has not opened a link of this server's, or only one that was used before. */
export function NoAccess() {
  return (
    <main className="no-access">
      <EmptyState icon={KeyRound} title="Open a new link">
        <p>
          This tab has no access to Tinsmith: a link opens one window, and works until tinsmith serve ends.
        </p>
        <p>
          Press Enter in the terminal where <code>tinsmith serve</code> runs, or run{" "}
          <code>tinsmith serve --link</code>, and open the link that it prints.
        </p>
      </EmptyState>
    </main>
  );
}
