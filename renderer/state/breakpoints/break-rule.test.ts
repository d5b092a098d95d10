import { expect, test } from "vitest";
import { endpoints, sides } from "../../../shared/rules/message-kinds.ts";
import { ruleSchema } from "../../../shared/rules/rule.ts";
import { breakRule, firstChoice } from "./break-rule.ts";

test("a breakpoint holds the next message of its kind only, unless all are wanted", () => {
  expect(breakRule(firstChoice, [])).toEqual({
    name: "break on poll response",
    when: { from: "host", endpoint: "poll" },
    steps: [{ hold: true }],
    times: 1,
  });
  expect(breakRule({ ...firstChoice, isOnlyNext: false }, []).times).toBe("always");
});

test("its name says what it breaks on, and no other rule has it", () => {
  const choice = { ...firstChoice, action: "list-folder" } as const;
  expect(breakRule(choice, []).name).toBe("break on poll response for list-folder");
  expect(breakRule({ ...choice, from: "guest", endpoint: "" }, []).name).toBe("break on any request");
  expect(breakRule(firstChoice, ["break on poll response", "break on poll response 2", "other"]).name).toBe(
    "break on poll response 3",
  );
});

test("an action counts only where messages have one", () => {
  const choice = { ...firstChoice, action: "list-folder" } as const;
  expect(breakRule(choice, []).when).toEqual({ from: "host", endpoint: "poll", action: "list-folder" });
  expect(breakRule({ ...choice, from: "guest" }, []).when).toEqual({ from: "guest", endpoint: "poll" });
  expect(breakRule({ ...choice, endpoint: "log" }, []).when).toEqual({ from: "host", endpoint: "log" });
});

test("each choice is a valid rule", () => {
  for (const from of sides)
    for (const endpoint of ["", ...endpoints] as const)
      expect(ruleSchema.safeParse(breakRule({ ...firstChoice, from, endpoint }, [])).success).toBe(true);
});
