import { expect, onTestFinished, test, vi } from "vitest";
import { startTestRules } from "../intercept/test-rules.ts";
import { connectRaw, startTestService, until } from "../service/test-service.ts";

test("many requests that wait on one connection are no reason for a warning", async () => {
  const rules = startTestRules([{ steps: [{ throttle: 1_000 }], times: "always" }]);
  const service = await startTestService({ rules });
  const warned = vi.fn();
  process.on("warning", warned);
  onTestFinished(() => void process.off("warning", warned));
  const socket = await connectRaw(service);
  socket.write("GET /engine/v1/ping HTTP/1.1\r\n\r\n".repeat(8));
  let replies = "";
  socket.on("data", (bytes) => (replies += bytes));
  await until(() => replies.match(/HTTP\/1.1 200/g)?.length === 8);
  expect(warned).not.toHaveBeenCalled();
});
