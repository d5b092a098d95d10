import { expect, test } from "vitest";
import { nextVersions, requireNextVersion } from "./next-version.ts";

test("after a version comes its next patch, minor or major version", () => {
  expect(nextVersions("1.9.10")).toEqual(["1.9.11", "1.10.0", "2.0.0"]);
});

test("the first version is that of package.json, and any other must follow the newest", () => {
  requireNextVersion("0.1.0", undefined, "0.1.0");
  requireNextVersion("0.2.0", "0.1.3", "0.1.3");
  expect(() => requireNextVersion("0.1.1", undefined, "0.1.0")).toThrow("nothing was released yet");
});

test.each(["0.1.3", "0.1.5", "0.3.0", "v0.2.0", "0.2.0-rc.1", "00.2.0", "latest"])(
  "%s is not next after 0.1.3",
  (version) => {
    expect(() => requireNextVersion(version, "0.1.3", "0.1.3")).toThrow(
      expect.objectContaining({
        message: `${version} can't be the next version: 0.1.3 is the newest version`,
        advice: "Release 0.1.4 or 0.2.0 or 1.0.0.",
      }),
    );
  },
);
