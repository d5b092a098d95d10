import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { errorCodes } from "../../../shared/guest/guest-protocol.ts";
import { objectIn } from "./service-client.ts";
import { describeResponse, type ServiceRule, unlessEmpty, unlessStatus } from "./service-rule.ts";

/** Longer than a service takes to answer a request that it answers too early. Milliseconds. */
const earlyTime = 500;
/** The id of an action that no service has. */
const unknownId = "AAAAAAAAQAuAAAAAAAAAAA";
const isTexts = (value: unknown) => Array.isArray(value) && value.every((one) => typeof one === "string");

/** Rules about the task and its log, and about requests that are not right. */
export const serviceTaskRules: readonly ServiceRule[] = [
  {
    id: "execute-form",
    sentence:
      "GET execute answers with the task: env, an object of texts or null, and command, a list of texts or null.",
    source: "Endpoints, execute",
    kind: "binding",
    check: async (service) => {
      const response = await service.send("GET", "execute");
      const { env, command } = objectIn(response);
      const isEnv = env === null || (typeof env === "object" && isTexts(Object.values(env)));
      const isTask = isEnv && (command === null || isTexts(command));
      return unlessStatus(response, 200) ?? (isTask ? undefined : describeResponse(response));
    },
  },
  {
    id: "execute-again",
    sentence: "The task is the same each time that the guest asks for it.",
    source: "Endpoints, execute",
    kind: "binding",
    check: async (service) => {
      const [first, second] = [await service.send("GET", "execute"), await service.send("GET", "execute")];
      return isDeepStrictEqual(objectIn(first), objectIn(second)) && Object.keys(objectIn(first)).length > 0
        ? unlessStatus(second, 200)
        : describeResponse(second);
    },
  },
  {
    id: "log-until-end",
    sentence:
      "POST log takes a body in chunks, and answers with an empty 200 when it has ended, and not before.",
    source: "Endpoints, log",
    kind: "binding",
    check: async (service) => {
      const { outgoing, response } = service.begin("POST", "log");
      outgoing.write("conformance: a line\n");
      const early = await Promise.race([response, delay(earlyTime)]);
      if (early) return `an answer before the log's end: ${describeResponse(early)}`;
      outgoing.end("conformance: another line\n");
      return unlessEmpty(await response);
    },
  },
  {
    id: "log-several",
    sentence: "Several logs at once are taken.",
    source: "Endpoints, log",
    kind: "binding",
    check: async (service) => {
      const logs = [service.begin("POST", "log"), service.begin("POST", "log")];
      for (const { outgoing } of logs) outgoing.write("conformance: one of two logs\n");
      // Both have arrived by then.
      const early = await Promise.race([...logs.map(({ response }) => response), delay(earlyTime)]);
      if (early) return `an answer before the log's end: ${describeResponse(early)}`;
      for (const { outgoing } of logs.toReversed()) outgoing.end();
      const responses = await Promise.all(logs.map(({ response }) => response));
      return responses.map(unlessEmpty).find(Boolean);
    },
  },
  {
    id: "ping",
    sentence: "GET ping answers with an empty 200.",
    source: "Endpoints, ping",
    kind: "binding",
    check: async (service) => unlessEmpty(await service.send("GET", "ping")),
  },
  {
    id: "no-such-endpoint",
    sentence: "Another path is answered with 404 NoSuchEndPoint.",
    source: "Errors",
    kind: "binding",
    check: async (service) =>
      unlessStatus(await service.send("GET", "/engine/v1/no-such-endpoint"), 404, "NoSuchEndPoint"),
  },
  {
    id: "method-not-allowed",
    sentence: "Another method is answered with 405 MethodNotAllowed.",
    source: "Errors",
    kind: "binding",
    check: async (service) => {
      const tries = [
        ["POST", "execute"],
        ["GET", "log"],
        ["POST", "success"],
        ["PUT", "poll"],
      ] as const;
      const responses = await Promise.all(tries.map(([method, path]) => service.send(method, path)));
      return responses.map((response) => unlessStatus(response, 405, "MethodNotAllowed")).find(Boolean);
    },
  },
  {
    id: "error-form",
    sentence: "An error has the body code and message, which are texts.",
    source: "Errors",
    kind: "binding",
    check: async (service) => {
      const response = await service.send("GET", "/engine/v1/no-such-endpoint");
      const { code, message } = objectIn(response);
      const isForm = errorCodes.some((one) => one === code) && typeof message === "string" && message !== "";
      return isForm ? undefined : describeResponse(response);
    },
  },
  {
    id: "unknown-action",
    sentence: "A reply to an unknown action is answered with 400 UnknownActionId.",
    source: "Errors",
    kind: "binding",
    check: async (service) =>
      unlessStatus(await service.send("POST", `reply?id=${unknownId}`), 400, "UnknownActionId"),
  },
  {
    id: "allow",
    sentence: "A 405 names the method that the endpoint has, in Allow.",
    source: "Errors",
    kind: "addition",
    check: async (service) => {
      const { headers } = await service.send("POST", "execute");
      return headers.allow === "GET" ? undefined : `Allow: ${headers.allow ?? "not there"}`;
    },
  },
  {
    id: "json-type",
    sentence: "A response of JSON has the Content-Type application/json.",
    source: "Errors, Read leniently",
    kind: "addition",
    check: async (service) => {
      const { headers } = await service.send("GET", "execute");
      const type = headers["content-type"] ?? "not there";
      return type.startsWith("application/json") ? undefined : `Content-Type: ${type}`;
    },
  },
  {
    id: "strict-task",
    sentence: "A task has no null: env is an object, and command a list.",
    source: "Errors, Read leniently",
    kind: "addition",
    check: async (service) => {
      const response = await service.send("GET", "execute");
      const { env, command } = objectIn(response);
      return env && isTexts(command) ? undefined : describeResponse(response);
    },
  },
];

/** Rules about the result, which ends the task: they come last. */
export const serviceResultRules: readonly ServiceRule[] = [
  {
    id: "result-taken",
    sentence: "PUT success is answered with 200, also when it is repeated.",
    source: "Endpoints, success and failed",
    kind: "binding",
    check: async (service) => {
      const first = await service.send("PUT", "success", { headers: { "X-Tinsmith-Exit-Status": "0" } });
      return unlessEmpty(first) ?? unlessEmpty(await service.send("PUT", "success"));
    },
  },
  {
    id: "result-first",
    sentence: "The first result counts: the other one is answered with 409 ResourceConflict.",
    source: "Endpoints, success and failed",
    kind: "binding",
    check: async (service) => {
      await service.send("PUT", "success");
      return unlessStatus(await service.send("PUT", "failed"), 409, "ResourceConflict");
    },
  },
];
