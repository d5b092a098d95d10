import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as delay, setImmediate } from "node:timers/promises";
import type { WebSocket } from "ws";
import type { OffChoice } from "../../../shared/session/build.ts";
import type { SessionDescription, SessionSubject } from "../../../shared/session/session-description.ts";
import type { StopRequest } from "../../async/process-end.ts";
import { describeHolder } from "../../files/locks/file-lock.ts";
import type { SessionRules } from "../../metaservice/rules/session-rules.ts";
import { listenOnSocket } from "../../network/listen-on-socket.ts";
import { ownVersion } from "../../storage/own-version.ts";
import { createKeepFailed, type KeepFailed } from "../live/keep-failed-guest.ts";
import { createLiveGuest, type LiveGuest } from "../live/live-guest.ts";
import { createLiveInstall, type InstallControl } from "../live/live-install.ts";
import { createLiveMachine, type LiveMachine } from "../live/live-machine.ts";
import { createLiveRecording, type RecordingControl } from "../live/live-recording.ts";
import type { LiveResource } from "../live/live-resource.ts";
import { createLiveRounds, type RoundControl } from "../live/live-rounds.ts";
import { createPendingChoice, type PendingChoice } from "../live/pending-choice.ts";
import type { Session } from "./session.ts";
import { createSessionServices } from "./session-services.ts";
import { createSessionSockets } from "./session-sockets.ts";

/** Serves a session to this user's other processes. Disposing it, after the session, cuts them off. */
export interface SessionServer extends AsyncDisposable {
  readonly guest: LiveGuest;
  readonly machine: LiveMachine;
  readonly choice: PendingChoice<OffChoice>;
  readonly keepFailed: KeepFailed;
  readonly rounds: LiveResource<RoundControl>;
  readonly install: LiveResource<InstallControl>;
  readonly recording: LiveResource<RecordingControl>;
  /** Lets nobody connect any more, and does not make its socket again; before its folder is removed. */
  readonly stopListening: () => void;
}

/** A shell's command stands in the request's target: as long as Linux lets an argument be, percent-encoded. */
const maxHeaderBytes = 512 * 1024;
/**
 * The time in which a client takes the last events, and closes; the server does not wait for a slower one.
 * Milliseconds.
 */
const closeTimeout = 500;
/** The code of a WebSocket that its server ends. */
const goingAway = 1001;

/**
 * Serves a session's services as WebSockets on its own unix socket (mode 0600).
 *
 * @throws the system's error when the socket can't be created.
 */
export async function startSessionServer(
  session: Session,
  what: SessionSubject,
  rules: SessionRules,
  stop: (request: StopRequest) => void,
): Promise<SessionServer> {
  const guest = createLiveGuest(session.id);
  const machine = createLiveMachine(session.id);
  const choice = createPendingChoice<OffChoice>(session.id);
  const keepFailed = createKeepFailed(session.id);
  const rounds = createLiveRounds(session.id);
  const install = createLiveInstall(session.id);
  const recording = createLiveRecording(session.id);
  const description: SessionDescription = {
    ...what,
    ...ownVersion,
    id: session.id,
    startedAt: Date.now(),
    processId: process.pid,
    folder: session.paths.folder,
  };
  const streams = new Set<Promise<void>>();
  const findService = createSessionServices({
    answer: { ...description, isRunning: true },
    guest,
    machine,
    choice,
    keepFailed,
    rounds,
    install,
    recording,
    rules,
    serial: session.serial,
    host: session.host,
    taskLog: session.taskLog,
    onNote: (text, about) => session.record({ type: "note", text, about }),
    sendBreak: session.serial.sendBreak,
    // Answered first: a forced stop takes the connection with it.
    stop: (request) => void setImmediate().then(() => stop(request)),
    // A subscriber to the events is a person, or has one behind it.
    events: (wanted) => noteWhileOpen(session.subscribe(wanted), streams, session.host.attend),
  });
  const sockets = createSessionSockets();

  const server = createServer({ maxHeaderSize: maxHeaderBytes }, (_request, response) => {
    response.writeHead(426, { Connection: "close", Upgrade: "websocket" }).end();
  });
  // A connection that can't be accepted, as when file descriptors run out, is its client's loss alone.
  server.on("error", () => {});
  server.on("upgrade", (request, stream, head) => {
    const target = request.url ?? "";
    sockets.accept({ request, target, stream, head }, findService);
  });
  describeHolder(session.paths.lock, JSON.stringify(description));
  const listening = await listenOnSocket(server, session.paths.apiSocket);

  return {
    guest,
    machine,
    choice,
    keepFailed,
    rounds,
    install,
    recording,
    stopListening: () => listening[Symbol.dispose](),
    [Symbol.asyncDispose]: async () => {
      listening[Symbol.dispose]();
      // All work has ended with the guest and the log: its last messages are sent before the connections close.
      await Promise.race([
        Promise.all([guest.idle(), ...streams]),
        delay(closeTimeout, undefined, { ref: false }),
      ]);
      await setImmediate();
      await Promise.all(sockets.clients().map(cutOff));
      server.closeAllConnections();
    },
  };
}

/** Hands events on; a promise that settles when that ends is in the set until then. */
async function* noteWhileOpen<Event>(
  events: AsyncIterable<Event>,
  open: Set<Promise<void>>,
  attend: () => Disposable,
): AsyncGenerator<Event, void, void> {
  using _attended = attend();
  const ended = Promise.withResolvers<void>();
  open.add(ended.promise);
  try {
    yield* events;
  } finally {
    open.delete(ended.promise);
    ended.resolve();
  }
}

async function cutOff(socket: WebSocket): Promise<void> {
  const closed = once(socket, "close");
  const timer = setTimeout(() => socket.terminate(), closeTimeout);
  socket.close(goingAway);
  await closed;
  clearTimeout(timer);
}
