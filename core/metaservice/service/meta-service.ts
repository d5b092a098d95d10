import { once } from "node:events";
import type { Duplex } from "node:stream";
import type { GuestActionEvent } from "../../../shared/guest/guest-action.ts";
import type { Task } from "../../../shared/guest/guest-protocol.ts";
import type { TaskOutcome } from "../../../shared/guest/task-outcome.ts";
import type { Rewindable } from "../../async/rewindable.ts";
import { serveInTurn } from "../../network/serve-in-turn.ts";
import type { Report } from "../../session-record/report.ts";
import type { GuestClock } from "../../time/guest-clock.ts";
import { type ActionDispatcher, createActionDispatcher } from "../actions/action-dispatcher.ts";
import { createActionQueue } from "../actions/action-queue.ts";
import type { GuestActions } from "../actions/guest-actions.ts";
import { type TaskProgress, tellsStage } from "../actions/task-progress.ts";
import { pollEndpoint } from "../endpoints/poll-endpoint.ts";
import { replyEndpoint, upgradedReply } from "../endpoints/reply-endpoint.ts";
import {
  executeEndpoint,
  type LogTaker,
  logEndpoint,
  pingEndpoint,
  resultEndpoints,
} from "../endpoints/task-endpoints.ts";
import type { TaskGate } from "../endpoints/task-gate.ts";
import { createGuestServer } from "../http/guest-server.ts";
import { listen, type MetaServiceAddress } from "../http/listen.ts";
import { createRateLimit, type RateLimit } from "../http/rate-limit.ts";
import { refuseBrowsers } from "../http/refuse-browsers.ts";
import { refuseTooMany } from "../http/refuse-too-many.ts";
import { repeatRequest } from "../http/repeat-request.ts";
import { createRequestRouter, type Routes } from "../http/request-router.ts";
import { createRulesRouter } from "../intercept/rules-router.ts";
import { defaultLimits, type MetaLimits } from "../limits.ts";
import type { ExchangeRecorder } from "../record/exchange-recorder.ts";
import type { SessionRules } from "../rules/session-rules.ts";
import { createGuestActions } from "./create-guest-actions.ts";

export type MetaServiceOptions = MetaServiceAddress &
  LogTaker & {
    /** The task for the guest to run. Without it, while an image is being built, only log and ping are served. */
    readonly task?: Task | undefined;
    /** Holds the task back until it is opened; without it, guest tools get the task at once. */
    readonly taskGate?: TaskGate | undefined;
    /** The guest continues from a saved state, so that its clock is late. */
    readonly isRestored?: boolean | undefined;
    /** The progress with the task of a guest that continues in the middle of it. */
    readonly progress?: Readonly<TaskProgress> | undefined;
    /** Called once when the guest tools don't set the late clock by themselves. */
    readonly onLateClock?: (() => void) | undefined;
    /** Called once, with the first result that the guest reports. */
    readonly onResult?: (outcome: TaskOutcome) => void;
    /** Takes notes for the person about the guest tools. */
    readonly onNote?: ((text: string) => void) | undefined;
    /** Called for each request of guest tools, and each piece of a log: a sign of life from the guest. */
    readonly onActivity?: () => void;
    /** Takes the events of the actions. */
    readonly onAction?: Report<GuestActionEvent> | undefined;
    /** Records the traffic of the connections; not closed with the service. */
    readonly recorder?: ExchangeRecorder | undefined;
    /** The rules for the messages between the guest and this service. */
    readonly rules?: SessionRules | undefined;
    /** The guest's clock: all waits for the guest count their time on it. */
    readonly clock: GuestClock;
    /** Those that differ from the default. */
    readonly limits?: Partial<MetaLimits> | undefined;
  };

/** The service at http://169.254.169.254/ of one virtual machine. */
export interface MetaService extends AsyncDisposable, Rewindable {
  /** The address that it listens on: the socket's path, or `127.0.0.1:PORT`. */
  readonly address: string;
  /** The actions that the guest tools can perform. Without a task there are none, and each call fails at once. */
  readonly actions: GuestActions;
  /** The guest's present progress with its task. */
  progress(): Readonly<TaskProgress>;
  /** Cuts all connections and ends all actions that are under way. @param why such as `ended by Go back to "A"` */
  cutAll(why: string): void;
  /**
   * Cuts all connections, ends all actions, and removes the socket. Waits until `log` has taken what had arrived, and
   * doesn't call it again: so `log` must settle, and must not wait for this.
   */
  close(): Promise<void>;
}

/** Serves one virtual machine, or guest tools on this host. @throws the error of `listen` */
export async function startMetaService(options: MetaServiceOptions): Promise<MetaService> {
  const { recorder } = options;
  const limits = { ...defaultLimits, clock: options.clock, ...options.limits };
  const dispatcher = createActionDispatcher(limits);
  const queue = createActionQueue(dispatcher, limits, options.onAction);
  if (!options.task) queue.close();
  const progress: TaskProgress = { stage: "not-started", resolved: undefined, ...options.progress };
  if (progress.stage !== "not-started") dispatcher.noticeGuest();
  const { actions, settled } = createGuestActions(queue, limits, progress, (request, options) =>
    repeatRequest(listening.address, request, options),
  );
  const logRate = createRateLimit(limits.logBurstBytes, limits.logBytesPerSecond);
  const onRequest = () => {
    dispatcher.noticeGuest();
    options.onActivity?.();
  };
  const endpoints = routesOf(options, limits, dispatcher, logRate, progress);
  const routes = createRequestRouter(endpoints, limits, onRequest);
  const closing = new AbortController();
  const ruled = options.rules
    ? createRulesRouter(routes, {
        ...options.rules,
        limits,
        closing: closing.signal,
        actionType: dispatcher.actionType,
        isFreeOfRules: dispatcher.isFreeOfRules,
        onGuestGone: (exchange) => recorder?.guestGone(exchange),
      })
    : routes;
  const router = "port" in options ? refuseBrowsers(ruled) : ruled;

  const running = new Set<Promise<void>>();
  const run = (work: Promise<void>) => {
    const done = work.finally(() => running.delete(done));
    running.add(done);
  };
  const upgraded = new Set<Duplex>();
  const server = createGuestServer(limits, recorder, options.onNote);
  const takeInTurn = serveInTurn(limits.waitingRequests, refuseTooMany(limits, options));
  server.on("request", (request, response) =>
    takeInTurn(request, response, () => {
      const exchange = recorder?.begin(request, response).number ?? 0;
      return () => run(router.serve(request, response, exchange));
    }),
  );
  server.on("upgrade", (request, socket, head) => {
    upgraded.add(socket);
    socket.once("close", () => upgraded.delete(socket));
    run(router.upgrade(request, { socket, head, exchange: recorder?.beginUpgrade(request) }));
  });
  const listening = await listen(server, options);

  const cutConnections = () => {
    server.closeAllConnections();
    // The server has released these.
    for (const socket of upgraded) socket.destroy();
  };
  const end = async () => {
    closing.abort();
    queue.close();
    logRate[Symbol.dispose]();
    listening[Symbol.dispose]();
    cutConnections();
    await once(server, "close");
    await Promise.all([...running, settled()]);
  };
  let ended: Promise<void> | undefined;
  const close = () => {
    ended ??= end();
    return ended;
  };
  return {
    address: listening.address,
    actions,
    progress: () => ({ ...progress }),
    cutAll: (why) => {
      queue.endAll(why);
      recorder?.cutAll(why);
      cutConnections();
    },
    remember: async () => {
      const restoreActions = await dispatcher.remember();
      const before = { ...progress };
      return async () => {
        await restoreActions();
        Object.assign(progress, before);
      };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function routesOf(
  options: MetaServiceOptions,
  limits: MetaLimits,
  dispatcher: ActionDispatcher,
  logRate: RateLimit,
  progress: TaskProgress,
): Routes {
  const log = (chunk: Uint8Array) => {
    options.onActivity?.();
    return options.log(chunk);
  };
  const always = { ping: pingEndpoint, log: logEndpoint({ ...options, log }, logRate) };
  if (!options.task) return { endpoints: always, upgrades: {} };
  const execute = executeEndpoint(options.task, {
    ...options,
    onNote: (text) => options.onNote?.(text),
  });
  const start = tellsStage(execute, progress, "started");
  const { success, failed } = resultEndpoints(progress, (outcome) => options.onResult?.(outcome));
  return {
    endpoints: {
      ...always,
      execute: options.taskGate?.guard(start) ?? start,
      success: tellsStage(success, progress, "ended"),
      failed: tellsStage(failed, progress, "ended"),
      poll: pollEndpoint(dispatcher, limits),
      reply: replyEndpoint(dispatcher),
    },
    upgrades: { reply: upgradedReply(dispatcher, limits) },
  };
}
