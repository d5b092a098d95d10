import slugid from "slugid";
import type { Action } from "../../../shared/guest/guest-protocol.ts";
import type { ActionDispatcher } from "../actions/action-dispatcher.ts";
import type { Endpoint } from "../http/endpoint.ts";
import { sendJson } from "../http/http-reply.ts";
import type { MetaLimits } from "../limits.ts";

export function pollEndpoint(
  dispatcher: ActionDispatcher,
  { pollTimeout, clock }: Pick<MetaLimits, "pollTimeout" | "clock">,
): Endpoint {
  return {
    method: "GET",
    handle: ({ socket }, response, exchange) => {
      let takeBack = () => {};
      const answer = (action: Action) => {
        alarm[Symbol.dispose]();
        clearImmediate(next);
        takeBack();
        socket.off("end", giveUp).off("close", giveUp);
        sendJson(response, action);
      };
      const giveUp = () => answer(nothingToDo());
      const give = (action: Action, onLost: () => void) => {
        response.once("close", () => {
          if (!response.writableFinished) onLost();
        });
        answer(action);
      };
      const alarm = clock.after(pollTimeout, giveUp);
      const begin = () => {
        takeBack = dispatcher.wait({ exchange, give });
      };
      // Not at once: a client's end that came with its poll is seen in the event loop's next turn.
      let next = setImmediate(() => {
        next = setImmediate(begin);
      });
      // A client that is gone looks like one that only closed its sending half, which may still read: answer now.
      socket.once("end", giveUp).once("close", giveUp);
    },
  };
}

function nothingToDo(): Action {
  return { id: slugid.nice(), type: "none", path: "", command: [], tty: false };
}
