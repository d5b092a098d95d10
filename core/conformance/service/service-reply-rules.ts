import { setTimeout as delay } from "node:timers/promises";
import { protocolLimits } from "../../../shared/limits.ts";
import { answered, json, listing, noticeTime } from "./answer-action.ts";
import type { SeenResponse, ServiceClient } from "./service-client.ts";
import { type AskForAction, type ServiceRule, unlessStatus } from "./service-rule.ts";

const noListing = JSON.stringify({ files: [], notFound: true });
const noFile = { "X-Taskcluster-Worker-Error": "file-not-found" };

/** A listing of as many bytes as it may have, or more. */
function largeListing(excess = 0): string {
  const name = (text: string) => `/conformance/${text}`;
  const files = Array.from({ length: 10_000 }, (_, index) => name(`${index}`.padStart(1_000, "0")));
  const short = JSON.stringify({ files: [...files, name("last"), name("")], notFound: false });
  return short.replace('/"]', `/${"x".repeat(protocolLimits.folderListingBytes - short.length + excess)}"]`);
}

/** Answers a listing wrongly, and the next try of it as it should be. */
async function answeredAgain(
  service: ServiceClient,
  ask: AskForAction,
  answerWrongly: (id: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  let violation: string | undefined;
  const answer = async (): Promise<SeenResponse> => {
    const first = await service.pollFor("list-folder");
    violation = await answerWrongly(first.id);
    const { id } = await service.pollFor("list-folder");
    if (id === first.id) violation ??= "the next try has the same id";
    return await service.send("POST", `reply?id=${id}`, { body: listing, headers: json });
  };
  const other = await answered(ask, "list-folder", answer, "/conformance/file");
  return violation ?? other;
}

/** A service may ask for a refused listing again. */
const mostTries = 3;
/** A command that asks for an action has ended by then, if that has. Milliseconds. */
const endTime = 5_000;

/** Answers a listing with one that is too large, until the service asks for it no more. */
async function refusedTooLarge(service: ServiceClient, ask: AskForAction): Promise<string | undefined> {
  const ended = ask("list-folder").then(
    () => true,
    () => true,
  );
  for (let count = 1; count <= mostTries; count++) {
    const asked = service.pollFor("list-folder");
    const action = await (count === 1 ? asked : asked.catch(() => undefined));
    if (!action) return undefined;
    const response = await service.send("POST", `reply?id=${action.id}`, {
      body: largeListing(1),
      headers: json,
    });
    const violation = unlessStatus(response, 400, "InvalidPayload");
    if (violation !== undefined) return violation;
    if (await Promise.race([ended, delay(endTime, false)])) return undefined;
  }
  return undefined;
}

/** Rules about replies that say that there is nothing, or that are wrong or lost. */
export const serviceReplyRules: readonly ServiceRule[] = [
  {
    id: "listing-malformed",
    sentence: "A malformed listing is refused with 400 InvalidPayload, and asked for again.",
    source: "Errors",
    kind: "binding",
    needsActions: true,
    check: (service, ask) =>
      answeredAgain(service, ask, async (id) => {
        const response = await service.send("POST", `reply?id=${id}`, { body: "{", headers: json });
        return unlessStatus(response, 400, "InvalidPayload");
      }),
  },
  {
    id: "reply-method",
    sentence: "A reply with another method is refused with 405, and asked for again.",
    source: "Errors",
    kind: "binding",
    needsActions: true,
    check: (service, ask) =>
      answeredAgain(service, ask, async (id) =>
        unlessStatus(await service.send("GET", `reply?id=${id}`), 405, "MethodNotAllowed"),
      ),
  },
  {
    id: "action-again",
    sentence: "An action whose reply is cut off is given to another poll, with another id.",
    source: "Actions",
    kind: "binding",
    needsActions: true,
    check: (service, ask) =>
      answeredAgain(service, ask, async (id) => {
        const { outgoing } = service.begin("POST", `reply?id=${id}`, json);
        outgoing.on("error", () => {});
        outgoing.write("{");
        await delay(noticeTime);
        outgoing.destroy();
        return undefined;
      }),
  },
  {
    id: "listing-large",
    sentence: "A listing of 10 MiB is taken.",
    source: "Actions, list-folder",
    kind: "binding",
    needsActions: true,
    check: (service, ask) => {
      const answer = async () => {
        const { id } = await service.pollFor("list-folder");
        return await service.send("POST", `reply?id=${id}`, { body: largeListing(), headers: json });
      };
      return answered(ask, "list-folder", answer, "/conformance/last");
    },
  },
  {
    id: "listing-too-large",
    sentence: "A listing of more than 10 MiB is refused with 400 InvalidPayload.",
    source: "Actions, list-folder",
    kind: "binding",
    needsActions: true,
    check: refusedTooLarge,
  },
  {
    id: "listing-missing",
    sentence: "A listing with notFound is an answer, and not asked for again.",
    source: "Actions, list-folder",
    kind: "binding",
    needsActions: true,
    check: (service, ask) => {
      const answer = async () => {
        const { id } = await service.pollFor("list-folder");
        return await service.send("POST", `reply?id=${id}`, { body: noListing, headers: json });
      };
      return answered(ask, "list-folder", answer, "");
    },
  },
  {
    id: "artifact-missing",
    sentence: "An empty reply with file-not-found is an answer, and not asked for again.",
    source: "Actions, get-artifact",
    kind: "binding",
    needsActions: true,
    check: (service, ask) => {
      const answer = async () => {
        const { id } = await service.pollFor("get-artifact");
        return await service.send("POST", `reply?id=${id}`, { headers: noFile });
      };
      return answered(ask, "get-artifact", answer, "");
    },
  },
];
