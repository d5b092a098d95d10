import { expect, test } from "vitest";
import { checkForm, formOf, inputOf } from "./run-form.ts";
import type { RunForm } from "./run-history.ts";

const form: RunForm = {
  command: "echo $A",
  environment: "A=1\n\nB=x=y",
  timeout: "30",
  memory: "",
  keepAlive: false,
  terminal: true,
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

test("a run without a terminal is asked for, and filled in again", () => {
  expect(inputOf("/worker", { ...form, terminal: false })).toMatchObject({ tty: false });
  expect(inputOf("/worker", form)).not.toHaveProperty("tty");
  const task = { command: ["true"], env: {}, tty: false };
  expect(formOf({ session: "s", kind: "run", title: "t", keepAlive: true, task }).terminal).toBe(false);
});

test("each field that is wrong says what would be right", () => {
  const issues = checkForm({
    command: " ",
    environment: "A",
    timeout: "soon",
    memory: "1.5",
    keepAlive: true,
    terminal: true,
  });
  expect(Object.keys(issues)).toEqual(["command", "environment", "timeout", "memory"]);
  expect(issues.environment).toContain("A has no value");
  expect(checkForm({ ...form, environment: "A B=1" }).environment).toContain("NAME=VALUE");
});

test.each(["0", "604801", "0.5", "-1", "1e3", " 1"])(
  "a time-out of %j seconds can't be asked for",
  (timeout) => {
    expect(checkForm({ ...form, timeout }).timeout).toBe("Enter a whole number of seconds from 1 to 604800.");
  },
);

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
    terminal: true,
  });
  expect(formOf({ ...request, task: { command: ["ls", "it's"], env: {} } }).command).toBe("ls 'it'\\''s'");
});
