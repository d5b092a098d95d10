import type { ResponseDraft } from "../http/guest-response.ts";
import type { RequestRouter } from "../http/request-router.ts";
import { limitUnreadBody } from "../http/unread-body.ts";
import { AlteredRequest } from "./altered-request.ts";
import { answerConnection, answerRequest } from "./answer-request.ts";
import { interceptRequest } from "./intercept-request.ts";
import { type InterceptedResponse, interceptResponse } from "./intercept-response.ts";
import { interceptShell } from "./intercept-shell.ts";
import { actionAnswered, actionGiven, headOfRequest } from "./message-head.ts";
import type { RuleContext } from "./rule-context.ts";

/** Applies the rules of a session to all that goes through a router. Without rules nothing changes. */
export function createRulesRouter(router: RequestRouter, context: RuleContext): RequestRouter {
  const { rules, limits, actionType, isFreeOfRules } = context;
  /** Responses to polls that the next polls get once more. */
  const repeats: ResponseDraft[] = [];
  const repeat = (draft: ResponseDraft) => void repeats.push(draft);
  const interceptDraft = (draft: ResponseDraft, intercepted: Omit<InterceptedResponse, "repeat">): void => {
    const { request, response, head } = intercepted;
    const isFree = head.endpoint === "poll" && isFreeOfRules(actionGiven(draft.body));
    if (isFree) response.sendDraft(draft);
    else interceptResponse(draft, { ...intercepted, repeat }, context).catch(() => request.socket.destroy());
  };
  return {
    serve: async (request, response, exchange) => {
      const began = Date.now();
      if (rules.isIdle() && repeats.length === 0) {
        // A poll waits for long, and a rule may be added meanwhile.
        response.intercept = (draft) => {
          response.intercept = undefined;
          if (rules.isIdle()) response.sendDraft(draft);
          else {
            const head = headOfRequest(request, actionType);
            interceptDraft(draft, { request, response, exchange, began, head });
          }
        };
        return await router.serve(request, response, exchange);
      }
      const head = headOfRequest(request, actionType);
      const repeated = head.endpoint === "poll" ? repeats.shift() : undefined;
      if (repeated) return response.sendDraft(repeated);
      const next = await interceptRequest(
        {
          ...{ request, exchange, began, head },
          body: head.endpoint === "log" || head.action === "get-artifact" ? "streamed" : "whole",
          answer: (answer) => {
            response.intercept = () => {};
            limitUnreadBody(request, response, limits);
            if (answer) answerRequest(response, answer);
          },
        },
        context,
      );
      if (!next) return;
      response.intercept = (draft) => {
        response.intercept = () => {};
        interceptDraft(draft, { request, response, exchange, began, head });
      };
      if (next instanceof AlteredRequest) response.once("close", () => next.release());
      await router.serve(next, response, exchange);
    },

    upgrade: async (request, connection) => {
      if (isFreeOfRules(actionAnswered(request))) return await router.upgrade(request, connection);
      const { socket, exchange: record } = connection;
      const exchange = record?.number ?? 0;
      const head = headOfRequest(request, actionType);
      const answer = (given: Parameters<typeof answerConnection>[1] | undefined) => {
        if (given) answerConnection(socket, given, record);
      };
      // A shell is open for long, and a rule may be added meanwhile.
      const next = rules.isIdle()
        ? request
        : await interceptRequest(
            { request, exchange, began: Date.now(), head, body: "none", answer },
            context,
          );
      if (next)
        await router.upgrade(next, {
          ...connection,
          rules: interceptShell({ request, head, exchange }, context),
        });
    },
  };
}
