import type { AppError } from "../../shared/errors/errors.ts";
import type { TaskOutcome } from "../../shared/guest/task-outcome.ts";
import type { ExpectationCounts } from "../../shared/scenario/scenario-event.ts";
import type { ScenarioSeries } from "../../shared/scenario/scenario-series.ts";
import type { ServedSession } from "../session/serve/served-session.ts";
import type { GuestClock } from "../time/guest-clock.ts";

/** Takes part in a run: it asks the guest for actions, keeps the run up until they are done, and checks how it went. */
export interface RunAttendant {
  /** The run's title for people. */
  readonly title: string;
  /** The scenario's file and place, as in the run's record. */
  readonly scenario: { readonly path?: string | undefined; readonly series?: ScenarioSeries | undefined };
  /** The expectations that were compared; undefined before `check` has ended. */
  readonly expectations: ExpectationCounts | undefined;
  /** The guest tools have made their first request. */
  onGuestTools(session: ServedSession, clock: GuestClock): void;
  /** A piece of the task's log has come; its bytes are reused after the call. */
  onLog(bytes: Uint8Array): void;
  /** Called at the task's result: the guest keeps running until it settles. */
  finish(outcome: TaskOutcome): Promise<void>;
  /** Called when the guest has ended, or its MetaService, and before the session ends. */
  check(session: ServedSession, outcome: TaskOutcome | AppError): Promise<void>;
}

/** The use of a run's rules and expectations, for the event that ends it. */
export function countUse({ rules }: Pick<ServedSession, "rules">, attendant: RunAttendant | undefined) {
  return { rules: rules.rules.uses(), expectations: attendant?.expectations };
}
