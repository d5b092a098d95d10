import { setTimeout as delay } from "node:timers/promises";
import { answered, json, listing, noticeTime } from "./answer-action.ts";
import { objectIn, type SeenResponse, type ServiceClient } from "./service-client.ts";
import { type AskForAction, describeResponse, type ServiceRule, unlessStatus } from "./service-rule.ts";

/** Rules about polls, and the polls that get actions. */
export const servicePollRules: readonly ServiceRule[] = [
  {
    id: "poll-none",
    sentence:
      "A poll without an action is answered within 35 s, with an action of the type none that has an id.",
    source: "Actions",
    kind: "binding",
    onlyWaits: true,
    check: async (service, _ask, onWaiting) => {
      const began = performance.now();
      const poll = service.send("GET", "poll");
      onWaiting();
      const response = await poll;
      const { type, id } = objectIn(response);
      if (performance.now() - began > 35_000) return "an answer after more than 35 s";
      const isNone = type === "none" && /^[\w-]{22}$/.test(String(id));
      return unlessStatus(response, 200) ?? (isNone ? undefined : describeResponse(response));
    },
  },
  {
    id: "one-poll",
    sentence: "An action is given to exactly one of the polls that wait.",
    source: "Actions",
    kind: "binding",
    needsActions: true,
    check: givenOnce,
  },
  {
    id: "poll-gone",
    sentence: "A poll whose client is gone gets no action.",
    source: "Actions",
    kind: "binding",
    needsActions: true,
    check: async (service, ask) => {
      const { outgoing } = service.begin("GET", "poll");
      outgoing.on("error", () => {});
      outgoing.end();
      await delay(noticeTime);
      outgoing.destroy();
      await delay(noticeTime);
      const answer = async () => {
        const { id } = await service.pollFor("list-folder");
        return await service.send("POST", `reply?id=${id}`, { body: listing, headers: json });
      };
      const began = performance.now();
      const violation = await answered(ask, "list-folder", answer, "/conformance/file");
      const took = performance.now() - began;
      return violation ?? (took < service.patience / 2 ? undefined : "the action came late");
    },
  },
];

/** Lets two polls wait for an action, and then the other one for the next action: until then it must get nothing. */
async function givenOnce(service: ServiceClient, ask: AskForAction): Promise<string | undefined> {
  const polls = [service.send("GET", "poll"), service.send("GET", "poll")];
  const reply = (response: SeenResponse) =>
    service.send("POST", `reply?id=${objectIn(response).id}`, { body: listing, headers: json });
  let other: Promise<SeenResponse> | undefined;
  const answer = async () => {
    const given = polls.map(async (poll, index) => ({ response: await poll, rest: polls[1 - index] }));
    const { response, rest } = await Promise.race(given);
    other = rest;
    return await reply(response);
  };
  const violation = await answered(ask, "list-folder", answer, "/conformance/file");
  if (violation !== undefined) return violation;
  const early = await Promise.race([other, delay(noticeTime)]);
  if (early) return `two polls had the action: the other one got ${describeResponse(early)}`;
  const answerNext = async () => await reply(await (other ?? service.send("GET", "poll")));
  return await answered(ask, "list-folder", answerNext, "/conformance/file");
}
