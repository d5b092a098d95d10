import { useEffect } from "react";
import { useStore } from "zustand";
import type { RuleState } from "../../../shared/rules/rule-list.ts";
import { useSessionLog } from "../sessions/use-session-log.ts";
import { heldQueue } from "./held-messages.ts";
import { loadRules, sessionRules } from "./session-rules.ts";

/** The rules of a running session, read again after each event about them; undefined before they were read. */
export function useRules(session: string): readonly RuleState[] | undefined {
  const changed = useSessionLog(session, ({ rulesChanged }) => rulesChanged);
  const connected = useStore(heldQueue(session), (queue) => queue.connected);
  useEffect(() => {
    if (connected > 0) void loadRules(session);
  }, [session, changed, connected]);
  return useStore(sessionRules(session), ({ rules }) => rules);
}
