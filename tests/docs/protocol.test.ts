import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { errorCodes, guestActionTypes, guestErrorHeader } from "../../shared/guest/guest-protocol.ts";
import { decodeShellMessage } from "../../shared/guest/shell-codec.ts";

const page = readFileSync(join(resolve(import.meta.dirname, "../.."), "docs/protocol.md"), "utf8");
const hex = (bytes: Uint8Array) =>
  Buffer.from(bytes)
    .toString("hex")
    .replaceAll(/(..)(?=.)/g, "$1 ");

const shellMessages = [...page.matchAll(/^\| \d, .*? \| `([0-9a-f ]+)` \| `(\{.*?\})` \|/gm)].map(
  ([, bytes = "", message = ""]) => ({ bytes, message: JSON.parse(message) as object }),
);

test.each(shellMessages)("the shell's message $bytes means what the page says", ({ bytes, message }) => {
  const decoded = decodeShellMessage(Buffer.from(bytes.replaceAll(" ", ""), "hex"));
  const shown = decoded?.type === "data" ? { ...decoded, payload: hex(decoded.payload) } : decoded;
  expect(shown).toEqual(message);
});

test("the page names each kind of message, action and error that there is", () => {
  expect(shellMessages.map(({ message }) => message)).toHaveLength(6);
  for (const name of [...errorCodes, ...guestActionTypes, guestErrorHeader]) expect(page).toContain(name);
});
