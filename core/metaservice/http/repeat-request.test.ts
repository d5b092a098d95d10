import { expect, test } from "vitest";
import type { RepeatedRequest } from "../../../shared/guest/repeated-request.ts";
import { startTestService } from "../service/test-service.ts";

const result: RepeatedRequest = {
  exchange: 7,
  method: "PUT",
  target: "/engine/v1/success",
  headers: [
    ["Host", "169.254.169.254"],
    ["Transfer-Encoding", "chunked"],
    ["Expect", "100-continue"],
  ],
  body: "",
};

test("a request is sent again as another one, on a connection of its own", async () => {
  const service = await startTestService();
  const log = { ...result, method: "POST", target: "/engine/v1/log", body: btoa("a line") };
  expect(await service.service.actions.repeatRequest(log)).toEqual({ status: 200 });
  expect(`${service.logged()}`).toBe("a line");
  expect(await service.service.actions.repeatRequest(result)).toEqual({ status: 200 });
  expect(service.results).toEqual(["success"]);
  expect(await service.service.actions.repeatRequest({ ...result, target: "/nothing" })).toEqual({
    status: 404,
  });
});

test("a request that HTTP doesn't allow is refused", async () => {
  const { service } = await startTestService();
  for (const changed of [
    { target: "/a b" },
    { method: "A B" },
    { headers: [["A", "b\n"] as [string, string]] },
  ])
    await expect(service.actions.repeatRequest({ ...result, ...changed })).rejects.toMatchObject({
      code: "usage",
      message: "exchange 7 can't be sent again: it is not valid HTTP",
    });
});

test("a service that closes ends a repeated poll, and who has given up waits no longer", async () => {
  const { service } = await startTestService();
  const poll = { ...result, method: "GET", target: "/engine/v1/poll" };
  const stopped = new AbortController();
  const waiting = service.actions.repeatRequest(poll, { signal: stopped.signal });
  stopped.abort(new Error("given up"));
  await expect(waiting).rejects.toThrow("given up");
  const cut = expect(service.actions.repeatRequest(poll)).rejects.toMatchObject({
    code: "guest-action-failed",
    message: "the repeated request of exchange 7 got no whole response",
  });
  await service.close();
  await cut;
});
