import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { protocolLimits } from "./limits.ts";

const fixture = new URL("../tests/fixtures/guest-protocol/limits.json", import.meta.url);

test("the host keeps to the limits of the protocol, as the guest tools do", () => {
  expect(protocolLimits).toMatchObject(JSON.parse(readFileSync(fixture, "utf8")));
});
