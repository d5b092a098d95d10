import { expect, test } from "vitest";
import { describeGo, examineGo } from "./go.ts";

test.each(["go1.19.8", "go1.19", "go1.26.8", "go1.22rc1"])("%s compiles the guest tools", (version) => {
  const { ok, text, advice } = describeGo(`go version ${version} linux/amd64`, "1.19");
  expect(ok).toBe(true);
  expect(text).toMatch(/^1\.\d+.* compiles the guest tools for 32-bit Linux \(needed: 1\.19 or newer\)$/);
  expect(advice).toBeUndefined();
});

test.each(["go version go1.15.15 linux/amd64", "go version devel"])(
  "%s is too old or unknown, which is said with what to do",
  (said) => {
    const { ok, text, advice } = describeGo(said, "1.19");
    expect(ok).toBe(false);
    expect(text).toContain("too old for the guest tools: they need 1.19 or newer");
    expect(advice).toContain("a recipe can name a binary");
  },
);

test("what is needed is what the guest tools' module says", async () => {
  expect((await examineGo()).text).toMatch(/\b1\.\d+ (and|or) newer\b/);
});
