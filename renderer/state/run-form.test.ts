import { expect, test } from "vitest";
import type { RunForm } from "./known-commands.ts";
import { checkForm, formOf, inputOf } from "./run-form.ts";

const form: RunForm = {
  command: "echo $A",
  environment: "A=1\n\nB=x=y",
  timeout: "30",
  memory: "",
  keepAlive: false,
};

test("a form becomes what a run is started with", () => {
  expect(checkForm(form)).toEqual({});
  expect(inputOf("/worker", form)).toEqual({
    archive: "/worker",
    command: ["sh", "-c", "echo $A"],
    env: { A: "1", B: "x=y" },
    keepAlive: false,
    timeout: 30,
  });
});

test("each field that is wrong says what would be right", () => {
  const issues = checkForm({
    command: " ",
    environment: "A",
    timeout: "soon",
    memory: "1.5",
    keepAlive: true,
  });
  expect(Object.keys(issues)).toEqual(["command", "environment", "timeout", "memory"]);
  expect(issues.environment).toContain("NAME=VALUE");
});

test("a run can be filled in again, also one that was started with other words", () => {
  const request = { session: "s", kind: "run", title: "t", keepAlive: true } as const;
  expect(
    formOf({ ...request, task: { command: ["sh", "-c", "a; b"], env: { A: "1" } }, memory: 64 }),
  ).toEqual({
    command: "a; b",
    environment: "A=1",
    timeout: "",
    memory: "64",
    keepAlive: true,
  });
  expect(formOf({ ...request, task: { command: ["ls", "it's"], env: {} } }).command).toBe("ls 'it'\\''s'");
});
