import { expect, test } from "vitest";
import { describeSystemError } from "./system-error.ts";

const refused = (code: string) => Object.assign(new Error(`${code}: refused`), { code });

test("an error of the system has the message of whoever met it, and the shared advice unless there is a better one", () => {
  const words = {
    "no-space": { message: "there is not enough space to write /a" },
    "missing-file": { message: "the folder of /a is gone", advice: "Restore the folder." },
  };
  expect(describeSystemError(refused("EDQUOT"), words)).toEqual({
    code: "no-space",
    message: "there is not enough space to write /a",
    advice: "Free some of your quota, then try again.",
  });
  expect(describeSystemError(refused("ENOENT"), words)).toEqual({
    code: "missing-file",
    message: "the folder of /a is gone",
    advice: "Restore the folder.",
  });
});

test.each(["EACCES", "EPIPE", "EINVAL"])("%s is not described by one who has no words for it", (code) => {
  expect(describeSystemError(refused(code), { "no-space": { message: "no space" } })).toBeUndefined();
});
