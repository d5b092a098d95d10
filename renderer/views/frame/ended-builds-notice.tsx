import { useStore } from "zustand";
import { endedWithApp, forgetEndedSessions, resumeBuilds } from "../../state/builds/ended-builds.ts";
import { findEndedBuilds } from "../../state/builds/find-ended-builds.ts";
import { library, sessions } from "../../state/connection/app-state.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/messages/notice.tsx";

/** Offers to resume the builds that did not finish because the app ended. */
export function EndedBuildsNotice() {
  const ids = useStore(endedWithApp, (state) => state.ids);
  const all = useStore(sessions, (state) => state.value);
  const sets = useStore(library, (state) => state.value?.sets);
  const builds = findEndedBuilds(ids, all ?? [], sets ?? []);
  if (builds.length === 0) return null;
  const titles = builds.map(({ title }) => title).join(", ");
  const isOne = builds.length === 1;
  const isKept = builds.some(({ canRetry }) => canRetry);
  return (
    <Notice
      actions={
        <>
          <Button look="quiet" onClick={() => void resumeBuilds(builds, sets ?? [])}>
            {isKept ? "Resume" : "Restart"} {isOne ? "build" : "builds"}
          </Button>
          <Button look="quiet" onClick={forgetEndedSessions}>
            Dismiss
          </Button>
        </>
      }
    >
      {isOne
        ? `Tinsmith ended before a build finished: ${titles}.`
        : `Tinsmith ended before ${builds.length} builds finished: ${titles}.`}
    </Notice>
  );
}
