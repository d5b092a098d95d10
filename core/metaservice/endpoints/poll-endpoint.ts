import slugid from "slugid";
import type { Action } from "../../../shared/guest/guest-protocol.ts";
import type { ActionDispatcher } from "../actions/action-dispatcher.ts";
import type { Endpoint } from "../http/endpoint.ts";
import type { MetaLimits } from "../limits.ts";

export function pollEndpoint(
  dispatcher: ActionDispatcher,
  { pollTimeout, clock }: Pick<MetaLimits, "pollTimeout" | "clock">,
): Endpoint {
  return {
    method: "GET",
    handle: ({ socket }, response, exchange) => {
      let takeBack = () => {};
      const answer = (body: string) => {
        alarm[Symbol.dispose]();
        clearImmediate(next);
        takeBack();
        socket.off("end", giveUp).off("close", giveUp);
        response.deliver({ status: 200, body });
      };
      const giveUp = () => answer(JSON.stringify(nothingToDo()));
      const give = (body: string, onLost: () => void) => {
        response.once("close", () => {
          if (!response.writableFinished) onLost();
        });
        answer(body);
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
