import { Command } from "commander";
import { expect, onTestFinished, test } from "vitest";
import { options, port } from "./options.ts";

test.each(["", " 1", "1 ", "1e3", "0x50", "+1", "-1", "1.0", "65536", "http"])("%j is not a port", (text) => {
  expect(() => port()(text)).toThrow("It must be a port from 0 to 65535.");
});

test("digits are a port", () => {
  expect(port()("0")).toBe(0);
  expect(port()("65535")).toBe(65_535);
});

function parseEnvironment(...given: readonly string[]): object {
  const command = new Command()
    .addOption(options.env())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return command
    .parse(
      given.flatMap((text) => ["--env", text]),
      { from: "user" },
    )
    .opts().env;
}

test("a variable's value may be given, or be taken from the environment, where ps does not show it", () => {
  process.env.TEST_TOKEN = "secret\n=";
  onTestFinished(() => void delete process.env.TEST_TOKEN);
  expect(parseEnvironment("A=1", "B=x=y", "C=", "TEST_TOKEN")).toEqual({
    ...{ A: "1", B: "x=y", C: "" },
    TEST_TOKEN: "secret\n=",
  });
});

test("a name without a value, and no name, are refused", () => {
  expect(() => parseEnvironment("NO_SUCH_VARIABLE_HERE")).toThrow("no environment variable of that name");
  expect(() => parseEnvironment("=value")).toThrow("It must be NAME=VALUE, or NAME.");
});

test("a variable can't be called __proto__", () => {
  expect(() => parseEnvironment("__proto__=1")).toThrow("A variable can't have this name.");
});
