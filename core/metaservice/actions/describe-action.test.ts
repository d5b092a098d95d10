import { expect, test } from "vitest";
import { describeAction } from "./describe-action.ts";

const shell = (...command: readonly string[]) => describeAction({ type: "exec-shell", command, tty: false });

test("a shell is named by its command, of which a script is shortened to one line", () => {
  expect(shell()).toBe("the shell");
  expect(shell("sh", "-c", "ls\n\tls\u0007")).toBe("the shell sh -c ls ls\\x07");
  expect(shell("x".repeat(80))).toBe(`the shell ${"x".repeat(80)}`);
  const [, command = ""] = /^the shell (.*)$/.exec(shell("sh", "-c", "\u0007 line\n".repeat(40))) ?? [];
  expect(command).toMatch(/^sh -c \\x07 line .*\.\.\.$/);
  expect(command).toHaveLength(80);
});
