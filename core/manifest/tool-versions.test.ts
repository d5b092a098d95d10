import { expect, test } from "vitest";
import { toolVersions, versionIn } from "./tool-versions.ts";

test.each([
  [
    "qemu-img version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)\nCopyright",
    "7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)",
  ],
  ["go version go1.24.4 linux/amd64", "1.24.4"],
  ["xorriso 1.5.4 : RockRidge filesystem manipulator, libburnia project.", "1.5.4"],
  ["xorriso", undefined],
])("the version in %j is %j", (said, version) => {
  expect(versionIn(said)).toBe(version);
});

test("programs that are not there or not known have no version", async () => {
  const versions = await toolVersions(["qemu-img", "some-compiler"]);
  expect(versions).toEqual({ "qemu-img": expect.stringMatching(/^\d+\.\d+/) });
});
