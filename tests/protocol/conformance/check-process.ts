import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkGuest } from "../../../core/conformance/guest/check-guest.ts";
import { guestRules } from "../../../core/conformance/guest/guest-rules.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { startAlteringProxy } from "./altering-proxy.ts";
import type { CheckRequest } from "./checkers.ts";
import { guestViolation } from "./guest-violations.ts";

// A process that checks guest tools, one rule after another: a process can have one session at a time.

const home = mkdtempSync(join(tmpdir(), "ts-"));
process.on("exit", () => rmSync(home, { recursive: true, force: true }));
const context = {
  paths: findPaths({ TINSMITH_HOME: home }),
  signal: new AbortController().signal,
  onEvent: () => {},
  // A rule that is broken is found by its time limits: those of a check of real guest tools would take minutes.
  settleTime: 3_000,
};
const usualTimeout = 15;

process.on("message", async ({ id, tools, violation }: CheckRequest) => {
  const rule = guestRules.find((one) => one.id === id);
  if (!rule) throw new Error(`there is no rule ${id}`);
  // Other processes check rules at the same time, with the same paths.
  const ownPaths = JSON.stringify(rule.scenario).replaceAll("/tmp/conformance", join(home, "guest"));
  const scenario: typeof rule.scenario = { timeout: usualTimeout, ...JSON.parse(ownPaths) };
  const addressFile = join(home, "address");
  const target = () => {
    const [host = "", port] = readFileSync(addressFile, "utf8").trim().split(":");
    return { host, port: Number(port) };
  };
  await using proxy = violation ? await startAlteringProxy(target, guestViolation(violation)) : undefined;
  const host = proxy ? `127.0.0.1:${proxy.port}` : "$TINSMITH_HOST";
  const command = `echo $TINSMITH_HOST >${addressFile}; exec ${tools} --host ${host} run`;
  process.send?.(await checkGuest({ ...rule, scenario }, { command }, context));
});
process.send?.("ready");
