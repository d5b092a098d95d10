import { AppError } from "../../../shared/errors/errors.ts";
import type { GuestActions } from "../../metaservice/actions/guest-actions.ts";
import { createLiveResource, type LiveResource } from "./live-resource.ts";

/** The guest of a session, as its clients reach it. */
export type LiveGuest = LiveResource<GuestActions>;

/** @param session the session's id, for errors. */
export function createLiveGuest(session: string): LiveGuest {
  return createLiveResource(
    () =>
      new AppError({
        code: "guest-no-answer",
        message: `session ${session} has no guest tools that can be asked now`,
        advice:
          "The guest tools of a run can be asked as soon as its virtual machine has started. A build has none.",
      }),
  );
}
