import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import {
  type GuestActionEvent,
  type GuestActionRequest,
  isTriedOnce,
  type ShellPurpose,
} from "../../../shared/guest/guest-action.ts";
import { protocolLimits } from "../../../shared/limits.ts";
import type { Report } from "../../session-record/report.ts";
import type { MetaLimits } from "../limits.ts";
import type { ActionDispatcher, ActionTry, GuestReply } from "./action-dispatcher.ts";
import { describeAction } from "./describe-action.ts";
import { FailedTry, failedAction, hostRefusal, hostTrouble } from "./failed-try.ts";

/** An action, and how its answer is taken. */
export interface ActionPlan<Outcome> {
  readonly request: GuestActionRequest;
  readonly signal?: AbortSignal | undefined;
  /** No rule applies to it: it is Tinsmith's own. */
  readonly isFreeOfRules?: boolean | undefined;
  /** Of a shell of Tinsmith's own. */
  readonly purpose?: ShellPurpose | undefined;
  /**
   * Takes a reply. An `AppError` that it throws is final; anything else fails the try.
   *
   * @param signal ends it, with its reason
   */
  readonly receive: (reply: GuestReply, signal: AbortSignal) => Promise<Outcome>;
}

export interface ActionQueue {
  /**
   * Performs an action, in as many tries as it takes and may have.
   *
   * @throws AppError `guest-no-answer`, `guest-action-failed`; `busy` when too many are under way; what `receive`
   *   threw for good; the signal's reason.
   */
  perform<Outcome>(plan: ActionPlan<Outcome>): Promise<Outcome>;
  /** Ends all actions that are under way. @param why follows the name of an action in the error that they fail with */
  endAll(why: string): void;
  /** Ends all actions, those to come too. */
  close(): void;
}

/** An action under way. */
interface Running {
  /** Counts actions from 1. */
  readonly number: number;
  readonly request: GuestActionRequest;
  readonly abort: AbortController;
  /** Whether the guest has begun to answer. */
  answering: boolean;
}

export function createActionQueue(
  dispatcher: ActionDispatcher,
  limits: MetaLimits,
  report: Report<GuestActionEvent> = () => {},
): ActionQueue {
  const running = new Set<Running>();
  let count = 0;
  let closed = false;

  async function tryOnce<Outcome>(
    action: Running,
    { receive, isFreeOfRules = false }: ActionPlan<Outcome>,
  ): Promise<Outcome> {
    const { number, request, abort } = action;
    const reply = await dispatcher.handOut({
      action: wireForm(request),
      signal: abort.signal,
      isFreeOfRules,
      onTaken: (id, exchange) => report({ type: "action-taken", action: number, id, exchange }),
    });
    action.answering = true;
    report({ type: "action-answered", action: number, id: reply.id, exchange: reply.exchange });
    try {
      const outcome = await receive(reply, abort.signal);
      reply.respond();
      return outcome;
    } catch (error) {
      const final = abort.signal.aborted || error instanceof AppError;
      const failure = final || error instanceof FailedTry ? error : hostTrouble(error);
      reply.respond(failure instanceof FailedTry ? failure.refusal : hostRefusal(reasonClass(failure)));
      throw failure;
    } finally {
      action.answering = false;
    }
  }

  async function tryAll<Outcome>(action: Running, plan: ActionPlan<Outcome>): Promise<Outcome> {
    const most = isTriedOnce(plan.request) ? protocolLimits.shellTries : limits.tries;
    const failures: FailedTry[] = [];
    while (failures.length < most) {
      try {
        return await tryOnce(action, plan);
      } catch (error) {
        if (!(error instanceof FailedTry)) throw error;
        report({ type: "action-try-failed", action: action.number, reason: error.message });
        if (error.final) throw error.final;
        failures.push(error);
      }
    }
    throw failedAction(plan.request, failures);
  }

  return {
    async perform(plan) {
      const { request, signal, purpose } = plan;
      signal?.throwIfAborted();
      if (closed) throw serviceClosed(request, false);
      refuseTooMany(request, running, limits);
      const action: Running = { number: ++count, request, abort: new AbortController(), answering: false };
      const onAbort = () => action.abort.abort(signal?.reason);
      signal?.addEventListener("abort", onAbort);
      running.add(action);
      const over = { type: "action-ended", action: action.number, kind: request.type } as const;
      report({ type: "action-requested", action: action.number, request, purpose });
      try {
        const outcome = await tryAll(action, plan);
        report(over);
        return outcome;
      } catch (error) {
        report({ ...over, error: errorData(error) });
        throw error;
      } finally {
        running.delete(action);
        signal?.removeEventListener("abort", onAbort);
      }
    },

    endAll(why) {
      for (const { request, abort } of running)
        abort.abort(
          new AppError({ code: "guest-action-failed", message: `${describeAction(request)} was ${why}` }),
        );
    },

    close() {
      closed = true;
      for (const { request, abort, answering } of running) abort.abort(serviceClosed(request, answering));
    },
  };
}

/** The request as sent to the guest, with empty values for the fields that its kind does not have. */
function wireForm(request: GuestActionRequest): ActionTry["action"] {
  if (request.type === "composed") return request;
  return { path: "", command: [], tty: false, ...request };
}

function refuseTooMany(request: GuestActionRequest, running: ReadonlySet<Running>, limits: MetaLimits): void {
  const isShell = request.type === "exec-shell";
  const most = isShell ? limits.shells : limits.pendingActions;
  const alike = [...running].filter((other) => (other.request.type === "exec-shell") === isShell);
  if (alike.length < most) return;
  throw new AppError({
    code: "busy",
    message: `${describeAction(request)} has to wait: ${most} ${isShell ? "shells are open" : "actions are running"} already`,
    advice: "Wait until some of them have ended, or end them.",
  });
}

function serviceClosed(request: GuestActionRequest, answering: boolean): AppError {
  return new AppError({
    code: answering ? "guest-action-failed" : "guest-no-answer",
    message: `${describeAction(request)} was not done: the guest has ended, or was not asked to run guest tools`,
    advice: "Run the image again. With --keep-alive, the guest keeps running after its task.",
  });
}

function reasonClass(error: unknown): string {
  return error instanceof AppError ? error.code : "the action was cancelled";
}

function errorData(error: unknown): ErrorData {
  if (error instanceof AppError) return error.toJSON();
  return { code: "interrupted", message: "the action was cancelled" };
}
