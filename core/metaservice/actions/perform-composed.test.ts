import { expect, test } from "vitest";
import { poll } from "../service/test-guest.ts";
import { send, startTestService } from "../service/test-service.ts";
import { composeAction } from "./composed-action.ts";

test("a composed action gets an id, unless it has one or can't have one", () => {
  expect(composeAction('{"type": "x"}', "ID")).toEqual({ id: "ID", body: '{"id":"ID","type":"x"}' });
  expect(composeAction('{ "id": "own" }', "ID")).toEqual({ id: "own", body: '{ "id": "own" }' });
  for (const text of ["", "{", "[1]", "null", '"text"'])
    expect(composeAction(text, "ID")).toEqual({ id: "ID", body: text });
});

test("an unknown action is given to the guest tools, and their reply is what it is", async () => {
  const service = await startTestService();
  const performed = service.service.actions.performComposed('{"type": "reboot", "path": 1}');
  const { body } = await send(service, "GET", "poll");
  const { id, ...action } = JSON.parse(body);
  expect(action).toEqual({ type: "reboot", path: 1 });
  expect((await send(service, "PUT", `reply?id=${id}`, Buffer.from("\0done"), { "X-A": "b" })).status).toBe(
    200,
  );
  const { headers, ...reply } = await performed;
  expect(reply).toEqual({ method: "PUT", body: Buffer.from("\0done").toString("base64"), bytes: 5 });
  expect(headers).toContainEqual(["X-A", "b"]);
});

test("a malformed action is sent byte for byte", async () => {
  const service = await startTestService();
  const given = new AbortController();
  const performed = service.service.actions.performComposed('{"type": ', { signal: given.signal });
  expect((await send(service, "GET", "poll")).body).toBe('{"type": ');
  given.abort(new Error("given up"));
  await expect(performed).rejects.toThrow("given up");
});

test("an action can have an id of its own, but not that of another one under way", async () => {
  const service = await startTestService();
  const listing = service.service.actions.listFolder("/");
  const { id } = await poll(service);
  const other = service.service.actions.performComposed(JSON.stringify({ id, type: "none" }));
  await expect(other).rejects.toMatchObject({ code: "guest-action-failed" });
  await send(service, "POST", `reply?id=${id}`, Buffer.from("{}"), { "Content-Type": "application/json" });
  expect(await listing).toEqual({ files: [], notFound: false });
});
