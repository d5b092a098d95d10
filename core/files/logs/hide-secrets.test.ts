import { expect, test } from "vitest";
import { createSecretFilter, hideSecrets } from "./hide-secrets.ts";

/** The output that a filter lets through, in one piece or byte by byte. */
function filtered(text: string, secrets: readonly string[], size = text.length): string {
  const filter = createSecretFilter(secrets);
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) parts.push(filter.push(bytes.subarray(at, at + size)));
  return Buffer.concat([...parts, filter.end()]).toString();
}

test.each([
  ["login: hush\r\n$ ", "login: [secret]\r\n$ "],
  ["hu hus hushhush", "hu hus [secret][secret]"],
  ["hu\r\nsh", "[secret]"],
  ["köln hühner", "[secret] hühner"],
  ["(a+b)*", "[secret]"],
  ["hus", "hus"],
])("of %j a log has %j, however it is cut", (shown, logged) => {
  const secrets = ["hush", "köln", "(a+b)*"];
  for (const size of [1, 2, 3, 100]) expect(filtered(shown, secrets, size)).toBe(logged);
});

test("without secrets the bytes are passed on as they are", () => {
  const bytes = Buffer.from([0xff, 0xfe, 0x00]);
  expect(createSecretFilter([""]).push(bytes)).toBe(bytes);
  expect(hideSecrets("text", [""])).toBe("text");
});

test("only that which may begin a secret is held back", () => {
  const filter = createSecretFilter(["hush"]);
  expect(filter.push(Buffer.from("$ hu")).toString()).toBe("$ ");
  expect(filter.push(Buffer.from("man")).toString()).toBe("human");
});
