import fc from "fast-check";
import { expect, test } from "vitest";
import { sendRaw, startTestService, type TestService } from "../service/test-service.ts";
import { startTestRules } from "./test-rules.ts";

/** Without rules, and with rules that hold all and send it as it was, guest tools get the same bytes. */

const target = fc.constantFrom(
  "execute",
  "log",
  "success",
  "failed",
  "reply?id=none",
  "reply",
  "ping",
  "nothing",
  "../x",
);
const method = fc.constantFrom("GET", "POST", "PUT", "HEAD", "DELETE");
const body = fc.oneof(
  fc.constant(""),
  fc.string({ maxLength: 200 }),
  fc.string({ minLength: 2000, maxLength: 4000 }),
);

const request = fc
  .record({ method, target, body, version: fc.constantFrom("1.0", "1.1"), isChunked: fc.boolean() })
  .map(textOf);

function textOf({
  method,
  target,
  body,
  version,
  isChunked,
}: Readonly<Record<"method" | "target" | "body" | "version", string>> & {
  readonly isChunked: boolean;
}): string {
  const bytes = Buffer.byteLength(body);
  const chunks = bytes === 0 ? "" : `${bytes.toString(16)}\r\n${body}\r\n`;
  const [header, sent] =
    isChunked && version === "1.1"
      ? ["Transfer-Encoding: chunked", `${chunks}0\r\n\r\n`]
      : [`Content-Length: ${bytes}`, body];
  return `${method} /engine/v1/${target} HTTP/${version}\r\n${header}\r\n\r\n${sent}`;
}

async function startService(rules: ReturnType<typeof startTestRules> | undefined): Promise<TestService> {
  return await startTestService({ rules });
}

/** Rules that hold each message, and a window in which a person lets each of them go. */
function holdAll() {
  const steps = [{ hold: true as const }];
  const given = [
    { steps, times: "always" },
    { when: { from: "host" }, steps, times: "always" },
  ] as const;
  const open = new Set<number>();
  const rules = startTestRules(given, {
    onEvent: (event) => {
      if (event.type === "message-released") open.delete(event.held);
      if (event.type !== "message-held") return;
      open.add(event.held);
      setImmediate(() => {
        if (open.has(event.held)) rules.held.release(event.held, { release: "unchanged" });
      });
    },
  });
  rules.openWindow();
  return rules;
}

test("bytes are the same without rules, and with rules that hold and send as it was", {
  timeout: 60_000,
}, async () => {
  const plain = await startService(undefined);
  const idle = await startService(startTestRules([]));
  const held = await startService(holdAll());
  const whatCameBack = async (service: TestService, requests: readonly string[]) =>
    (await sendRaw(service, requests.join(""))).replaceAll(/^Date: .*$/gm, "Date: now");
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 4 }), async (requests) => {
      const expected = await whatCameBack(plain, requests);
      expect(await whatCameBack(idle, requests)).toBe(expected);
      expect(await whatCameBack(held, requests)).toBe(expected);
    }),
    { numRuns: 100 },
  );
  expect(held.logged()).toEqual(plain.logged());
  expect(held.results).toEqual(plain.results);
});
