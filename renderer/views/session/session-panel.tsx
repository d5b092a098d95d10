import type { ReactNode } from "react";
import { useStore } from "zustand";
import { sessions } from "../../state/connection/app-state.ts";
import { OtherVersionView } from "../other-version/other-version-view.tsx";

interface SessionPanelProps {
  readonly session: string;
  /** The panel for a session of this version. */
  readonly children: ReactNode;
}

/** A panel of a session; of one of another version, all that this version can show. */
export function SessionPanel({ session, children }: SessionPanelProps) {
  const known = useStore(sessions, ({ value }) => value);
  const summary = known?.find(({ id }) => id === session);
  // Nobody may talk to a session before its version is known.
  if (!known) return null;
  const reason = summary?.otherVersion ?? (summary?.status === "newer" ? summary.error : undefined);
  return summary && reason ? <OtherVersionView session={summary} reason={reason} /> : children;
}
