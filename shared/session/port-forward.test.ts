import { expect, test } from "vitest";
import { parsePortForward, repeatsHostPort } from "./port-forward.ts";

test("a forwarded port is the host's and the guest's", () => {
  expect(parsePortForward("2222:22")).toEqual({ host: 2222, guest: 22 });
  expect(parsePortForward("1:65535")).toEqual({ host: 1, guest: 65_535 });
});

test.each([
  "",
  "22",
  "2222:",
  ":22",
  "0:22",
  "2222:0",
  "65536:22",
  "22:65536",
  "a:22",
  "1:2:3",
  " 1:2",
  "-1:2",
])("%j is not a forwarded port", (text) => {
  expect(parsePortForward(text)).toBeUndefined();
});

test("a port of the host can lead to one port of the guest only", () => {
  expect(
    repeatsHostPort([
      { host: 1, guest: 2 },
      { host: 2, guest: 2 },
    ]),
  ).toBe(false);
  expect(
    repeatsHostPort([
      { host: 1, guest: 2 },
      { host: 1, guest: 3 },
    ]),
  ).toBe(true);
});
