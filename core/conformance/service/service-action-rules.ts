import { answered, json, listing } from "./answer-action.ts";
import { objectIn } from "./service-client.ts";
import { describeResponse, type ServiceRule, unlessStatus } from "./service-rule.ts";

/** Rules about actions, which somebody asks the service for. */
export const serviceActionRules: readonly ServiceRule[] = [
  {
    id: "action-form",
    sentence: "An action has an id of 22 characters, a type, and the path that was asked for.",
    source: "Actions",
    kind: "binding",
    needsActions: true,
    check: async (service, ask) => {
      let violation: string | undefined;
      const answer = async () => {
        const { id, path } = await service.pollFor("list-folder");
        if (!/^[\w-]{22}$/.test(id) || path !== "/conformance") violation = `id ${id}, path ${path}`;
        return await service.send("POST", `reply?id=${id}`, { body: listing, headers: json });
      };
      return (await answered(ask, "list-folder", answer, "/conformance/file")) ?? violation;
    },
  },
  {
    id: "listing-type",
    sentence: "A listing without the Content-Type application/json is refused with 400, and asked for again.",
    source: "Actions, list-folder",
    kind: "binding",
    needsActions: true,
    check: async (service, ask) => {
      let refusal: string | undefined;
      const answer = async () => {
        const { id } = await service.pollFor("list-folder");
        const first = await service.send("POST", `reply?id=${id}`, { body: listing });
        refusal = unlessStatus(first, 400, "InvalidPayload");
        if (refusal !== undefined) return first;
        const again = await service.pollFor("list-folder");
        return await service.send("POST", `reply?id=${again.id}`, { body: listing, headers: json });
      };
      const violation = await answered(ask, "list-folder", answer, "/conformance/file");
      return refusal ?? violation;
    },
  },
  {
    id: "id-spent",
    sentence: "The id of an action that was answered is spent: 400 UnknownActionId.",
    source: "Errors",
    kind: "binding",
    needsActions: true,
    check: async (service, ask) => {
      let id = "";
      const send = () => service.send("POST", `reply?id=${id}`, { body: listing, headers: json });
      const answer = async () => {
        ({ id } = await service.pollFor("list-folder"));
        return await send();
      };
      const violation = await answered(ask, "list-folder", answer, "/conformance/file");
      return violation ?? unlessStatus(await send(), 400, "UnknownActionId");
    },
  },
  {
    id: "artifact",
    sentence: "An artifact in chunks is taken byte for byte.",
    source: "Actions, get-artifact",
    kind: "binding",
    needsActions: true,
    check: async (service, ask) => {
      const answer = async () => {
        const { id } = await service.pollFor("get-artifact");
        const { outgoing, response } = service.begin("POST", `reply?id=${id}`);
        outgoing.write("the content ");
        outgoing.end("of a file");
        return await response;
      };
      return await answered(ask, "get-artifact", answer, "the content of a file");
    },
  },
  {
    id: "kill",
    sentence: "An empty reply to kill-process is taken.",
    source: "Actions, kill-process",
    kind: "binding",
    needsActions: true,
    check: async (service, ask) => {
      const answer = async () => {
        const { id } = await service.pollFor("kill-process");
        return await service.send("POST", `reply?id=${id}`);
      };
      return await answered(ask, "kill-process", answer, "");
    },
  },
  {
    id: "strict-action",
    sentence: "An action has path, command and tty, and none of them is null.",
    source: "Actions",
    kind: "addition",
    needsActions: true,
    check: async (service, ask) => {
      let violation: string | undefined;
      const answer = async () => {
        const response = await service.send("GET", "poll");
        const { id, path, command, tty } = objectIn(response);
        const isStrict = typeof path === "string" && Array.isArray(command) && typeof tty === "boolean";
        if (!isStrict) violation = describeResponse(response);
        return await service.send("POST", `reply?id=${id}`, { body: listing, headers: json });
      };
      return (await answered(ask, "list-folder", answer, "/conformance/file")) ?? violation;
    },
  },
];
