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
  forward: "",
  recordsNetwork: false,
  boots: false,
};

test("a form becomes what a run is started with", () => {
  expect(checkForm(form)).toEqual({});
  expect(inputOf("/worker", form, "")).toEqual({
    archive: "/worker",
    command: ["sh", "-c", "echo $A"],
    env: { A: "1", B: "x=y" },
    keepAlive: false,
    timeout: 30,
  });
});

test("a run without a terminal is asked for, and filled in again", () => {
  expect(inputOf("/worker", { ...form, terminal: false }, "")).toMatchObject({ tty: false });
  expect(inputOf("/worker", form, "")).not.toHaveProperty("tty");
  const task = { command: ["true"], env: {}, tty: false };
  expect(formOf({ session: "s", kind: "run", title: "t", keepAlive: true, task }).terminal).toBe(false);
});

test("a boot in place of the saved state is asked for, and filled in again", () => {
  expect(inputOf("/worker", { ...form, boots: true }, "")).toMatchObject({ boots: true });
  expect(inputOf("/worker", form, "")).not.toHaveProperty("boots");
  const task = { command: ["true"], env: {} };
  const request = { session: "s", kind: "run", title: "t", keepAlive: true, task } as const;
  expect(formOf({ ...request, boots: true }).boots).toBe(true);
  expect(formOf(request).boots).toBe(false);
});

test("forwarded ports and a recording of the network are asked for, and filled in again with a new file", () => {
  const network = { ...form, forward: "2222:22, 80:8080", recordsNetwork: true };
  const forward = [
    { host: 2222, guest: 22 },
    { host: 80, guest: 8080 },
  ];
  expect(checkForm(network)).toEqual({});
  expect(inputOf("/worker", network, "/a.pcap")).toMatchObject({ forward, pcap: "/a.pcap" });
  expect(inputOf("/worker", form, "/a.pcap")).not.toHaveProperty("pcap");
  const request = { session: "s", kind: "run", title: "t", keepAlive: true } as const;
  const task = { command: ["true"], env: {} };
  expect(formOf({ ...request, task, forward, pcap: "/a.pcap" })).toMatchObject({
    forward: "2222:22 80:8080",
    recordsNetwork: true,
  });
});

test("wrong forwarded ports are named, and so is a port of the host that leads to two", () => {
  expect(checkForm({ ...form, forward: "2222:22 80" }).forward).toBe(
    '"80" is not of the form HOST:GUEST, two ports from 1 to 65535, such as 2222:22.',
  );
  expect(checkForm({ ...form, forward: "80:1 80:2" }).forward).toBe("Name each port of the host once.");
});

test("each field that is wrong says what would be right", () => {
  const issues = checkForm({
    command: " ",
    environment: "A",
    timeout: "soon",
    memory: "1.5",
    keepAlive: true,
    terminal: true,
    forward: "22",
    recordsNetwork: false,
    boots: false,
  });
  expect(Object.keys(issues)).toEqual(["command", "environment", "timeout", "memory", "forward"]);
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
    boots: false,
    command: "a; b",
    environment: "A=1",
    timeout: "",
    memory: "64",
    keepAlive: true,
    terminal: true,
    forward: "",
    recordsNetwork: false,
  });
  expect(formOf({ ...request, task: { command: ["ls", "it's"], env: {} } }).command).toBe("ls 'it'\\''s'");
});
