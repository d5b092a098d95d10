import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type TestContext, test, vi } from "vitest";
import { checkServiceRules, serviceRules } from "../../../core/conformance/service/check-service.ts";
import type { ServiceAddress } from "../../../core/conformance/service/service-address.ts";
import { createServiceClient } from "../../../core/conformance/service/service-client.ts";
import type { AskForAction, ServiceRule } from "../../../core/conformance/service/service-rule.ts";
import { startMetaService } from "../../../core/metaservice/service/meta-service.ts";
import { startGuestClock } from "../../../core/time/guest-clock.ts";
import { keepsProtocol } from "../../../shared/conformance/conformance.ts";
import { openShell } from "../shell.ts";
import { type Alteration, startAlteringProxy } from "./altering-proxy.ts";
import { bindingOnly, serviceViolations } from "./service-violations.ts";

// Most of the time they wait.
vi.setConfig({ maxConcurrency: 10 });

/** How long answers are waited for: a violation must not take minutes, and a busy host breaks no rule. Milliseconds. */
const brief = 3_000;
const ample = 20_000;

/** Tinsmith's MetaService, behind a proxy that changes its messages. */
async function start(
  onTestFinished: TestContext["onTestFinished"],
  alteration: Alteration = {},
  patience = brief,
): Promise<{ address: ServiceAddress; ask: AskForAction; patience: number }> {
  const folder = mkdtempSync(join(tmpdir(), "ts-"));
  const service = await startMetaService({
    ...{ port: 0, clock: startGuestClock(), log: () => {} },
    task: { env: { A: "b" }, command: ["true"] },
    limits: { pollTimeout: 1000, replyTimeout: patience, takeTimeout: patience, shellPingInterval: 1000 },
  });
  const target = { host: "127.0.0.1", port: Number(service.address.split(":")[1]) };
  const proxy = await startAlteringProxy(() => target, alteration);
  onTestFinished(async () => {
    await proxy[Symbol.asyncDispose]();
    await service.close();
    rmSync(folder, { recursive: true });
  });
  const { actions } = service;
  const copy = join(folder, "artifact");
  const ask: AskForAction = async (type, input = "input") => {
    if (type === "list-folder") return (await actions.listFolder("/conformance")).files.join("\n");
    if (type === "kill-process") return await actions.killProcess().then(() => "");
    if (type === "get-artifact") {
      await actions.getArtifact("/conformance", copy, { mayReplace: true });
      return readFileSync(copy, "utf8");
    }
    const shell = await openShell(actions, { command: ["cat"] });
    await shell.write(Buffer.from(input));
    await shell.end();
    await shell.ended;
    return shell.stdout();
  };
  return { address: { host: "127.0.0.1", port: proxy.port }, ask, patience };
}

const stop = new AbortController();

async function checkAll(
  rules: readonly ServiceRule[],
  { address, ask, patience }: Awaited<ReturnType<typeof start>>,
) {
  const client = createServiceClient(address, stop.signal, patience);
  return await Array.fromAsync(checkServiceRules(rules, client, ask));
}

test.concurrent("Tinsmith's MetaService keeps all rules", async ({ onTestFinished }) => {
  const results = await checkAll(serviceRules, await start(onTestFinished, {}, ample));
  expect(results.filter(({ result }) => result !== "kept")).toEqual([]);
});

test.concurrent("a service without the additions keeps the protocol", async ({ onTestFinished }) => {
  const results = await checkAll(serviceRules, await start(onTestFinished, bindingOnly, ample));
  const broken = results.filter(({ result }) => result !== "kept");
  expect(broken.map(({ kind }) => kind)).toEqual(broken.map(() => "addition"));
  expect(broken.map(({ id }) => id)).toEqual(["allow", "json-type", "strict-task", "strict-action"]);
  expect(keepsProtocol(results)).toBe(true);
});

test.concurrent("a service that answers {} to everything does not", async ({ onTestFinished }) => {
  const server = createServer((_request, response) => void response.end("{}"));
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  const rules = serviceRules.filter(({ needsActions }) => !needsActions);
  const results = await checkAll(rules, { address, ask: async () => "", patience: brief });
  expect(keepsProtocol(results)).toBe(false);
  expect(results.filter(({ kind, result }) => kind === "binding" && result === "kept")).toEqual([]);
});

test("each rule has a violation", () => {
  expect(Object.keys(serviceViolations).sort()).toEqual(serviceRules.map(({ id }) => id).sort());
});

test.concurrent.for(serviceRules)(
  "the planted violation of $id is found",
  async (rule, { onTestFinished }) => {
    const { id } = rule;
    const violation = serviceViolations[id]?.() ?? {};
    const results = await checkAll([rule], await start(onTestFinished, violation));
    expect(results).toMatchObject([{ id, result: "broken" }]);
  },
);
