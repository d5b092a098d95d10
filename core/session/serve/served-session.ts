import type { FindingEvent } from "../../../shared/guest/finding.ts";
import type { OffChoice } from "../../../shared/session/build.ts";
import type { Note } from "../../../shared/session/note.ts";
import type { SessionSubject } from "../../../shared/session/session-description.ts";
import { onStopRequest, requestStop, type StopRequest } from "../../async/process-end.ts";
import { makePrivateFolder } from "../../files/private-folder.ts";
import { createExchangeFindings } from "../../metaservice/findings/exchange-findings.ts";
import { createExchangeRecorder, type ExchangeRecorder } from "../../metaservice/record/exchange-recorder.ts";
import {
  createSessionRules,
  type SessionRules,
  type SessionRulesOptions,
} from "../../metaservice/rules/session-rules.ts";
import { tellParent } from "../../process/parent-process.ts";
import { markStop } from "../../session-record/mark-stop.ts";
import { createReport } from "../../session-record/report.ts";
import { markRound } from "../../session-record/round-mark.ts";
import { clearEndedSessions } from "../../session-record/session-cleanup.ts";
import type { Paths } from "../../storage/paths.ts";
import type { KeepFailed } from "../live/keep-failed-guest.ts";
import type { LiveGuest } from "../live/live-guest.ts";
import type { InstallControl } from "../live/live-install.ts";
import type { LiveMachine } from "../live/live-machine.ts";
import type { RecordingControl } from "../live/live-recording.ts";
import type { LiveResource } from "../live/live-resource.ts";
import type { RoundControl } from "../live/live-rounds.ts";
import type { PendingChoice } from "../live/pending-choice.ts";
import { relieveMemory } from "./memory-relief.ts";
import { openSession, type Session } from "./session.ts";
import { startSessionServer } from "./session-server.ts";

/** A session that others of this user's processes can find, watch, and reach the guest of. */
export interface ServedSession extends Session, AsyncDisposable {
  readonly guest: LiveGuest;
  readonly machine: LiveMachine;
  /** Asks the person who watches an installation by hand what to do. */
  readonly choice: PendingChoice<OffChoice>;
  readonly keepFailed: KeepFailed;
  /** The rounds of a watch. */
  readonly rounds: LiveResource<RoundControl>;
  /** The install steps of a build. */
  readonly install: LiveResource<InstallControl>;
  /** The recording of an installation by hand. */
  readonly recording: LiveResource<RecordingControl>;
  /** Notes for the person about the data of earlier sessions that was deleted. */
  readonly cleared: readonly Note[];
  /** Records the exchanges of its MetaServices. */
  readonly recorder: ExchangeRecorder;
  /** The rules for the messages between its guest and its MetaServices. */
  readonly rules: SessionRules;
}

interface SessionChoices extends Omit<SessionRulesOptions, "report"> {
  /** Takes what Tinsmith finds wrong in an exchange, after the session's record has it. */
  readonly onFinding?: ((finding: FindingEvent) => void) | undefined;
  /** The part of a watch that the session is. */
  readonly part?: SessionPart | undefined;
}

/** A part of a watch, in a session that a person can stop by itself. */
export interface SessionPart {
  /** The name of the watch's round. */
  readonly round: string;
  /** Called when a client asks the session to stop, in place of its process. */
  readonly stop: (request: StopRequest) => void;
}

/**
 * Removes the leftovers of ended sessions, opens a new session, and serves it until it is disposed of. Clients have
 * had its last event by then.
 */
export async function openServedSession(
  paths: Paths,
  what: SessionSubject,
  { onFinding = () => {}, part, ...choices }: SessionChoices = {},
): Promise<ServedSession> {
  makePrivateFolder(paths.sessions);
  const cleared = await clearEndedSessions(paths);
  using cleanup = new DisposableStack();
  const session = cleanup.use(openSession(paths, what.title));
  if (part) markRound(session.paths, part.round);
  const stop = part?.stop ?? requestStop;
  const relief = cleanup.use(relieveMemory());
  const rules = createSessionRules({ ...choices, report: session.record });
  const server = await startSessionServer(session, what, rules, (request) => {
    markStop(session.paths);
    stop(request);
  });
  const stops = onStopRequest(() => markStop(session.paths));
  const findings = createExchangeFindings(createReport(session.record, onFinding));
  const record: Session["record"] = (event) => {
    session.record(event);
    findings.see(event);
  };
  const recorder = createExchangeRecorder({
    report: record,
    onEnd: findings.ended,
    folder: session.paths.folder,
    onNote: (text) => session.record({ type: "note", text }),
  });
  tellParent({ session: session.id });
  cleanup.move();
  return {
    ...session,
    record,
    cleared,
    guest: server.guest,
    machine: server.machine,
    choice: server.choice,
    keepFailed: server.keepFailed,
    rounds: server.rounds,
    install: server.install,
    recording: server.recording,
    recorder,
    rules,
    [Symbol.asyncDispose]: async () => {
      relief[Symbol.dispose]();
      stops[Symbol.dispose]();
      await recorder.close();
      server.stopListening();
      session[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
