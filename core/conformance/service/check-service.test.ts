import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { checkServiceRules, serviceRules } from "./check-service.ts";
import { createServiceClient } from "./service-client.ts";

/** Checks a service that answers as given. @param patience milliseconds */
async function check(ids: readonly string[], answer: RequestListener, patience: number) {
  const server = createServer(answer);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const end = new AbortController();
  onTestFinished(() => {
    end.abort();
    server.closeAllConnections();
    server.close();
  });
  const address = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  const rules = serviceRules.filter(({ id }) => ids.includes(id));
  expect(rules).toHaveLength(ids.length);
  return await Array.fromAsync(checkServiceRules(rules, createServiceClient(address, end.signal, patience)));
}

test("the check of a service that hangs ends early, also with rules that wait", async () => {
  const ids = ["execute-form", "log-until-end", "ping", "no-such-endpoint", "poll-none", "unknown-action"];
  const results = await check(ids, () => {}, 30);
  expect(results.slice(0, 3).map(({ seen }) => seen)).toEqual(Array(3).fill("no answer in time"));
  const late = results.slice(3);
  expect(late).toHaveLength(3);
  for (const { result, seen } of late)
    expect({ result, seen }).toEqual({
      result: "not-tested",
      seen: "the check ended early: several requests in a row got no answer",
    });
});

test("a response without end is not read to its end", async () => {
  const block = Buffer.alloc(1024 ** 2, "x");
  const answer: RequestListener = (_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write(block));
    };
    response.on("drain", more);
    more();
  };
  expect(await check(["ping"], answer, 10_000)).toMatchObject([
    { result: "broken", seen: "no answer that makes sense: the response is longer than 16 MiB" },
  ]);
});
