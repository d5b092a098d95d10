import { expect, test } from "vitest";
import {
  describeState,
  hasEnded,
  isRunning,
  knowsPreferred,
  mayEnd,
  parseJobs,
  refusalOf,
  someNodeHas,
  waitingReason,
} from "./slurm-jobs.ts";

test("the output of squeue is read, with comments of any characters", () => {
  const printed =
    "7|PENDING|ReqNodeNotAvail, UnavailableNodes:a||tinsmith:/a b|c\n6|RUNNING|None|vm|(null)\nsqueue: odd\n";
  expect(parseJobs(printed)).toEqual([
    {
      ...{ id: "7", state: "PENDING", reason: "ReqNodeNotAvail, UnavailableNodes:a", node: "" },
      comment: "tinsmith:/a b|c",
    },
    { id: "6", state: "RUNNING", reason: "", node: "vm", comment: "(null)" },
  ]);
});

test("states and reasons are told in Slurm's words", () => {
  expect(waitingReason({ state: "PENDING", reason: "Resources" })).toBe("Slurm: Resources");
  expect(waitingReason({ state: "PENDING", reason: "" })).toBe("Slurm: PENDING");
  expect(describeState({ state: "TIMEOUT", reason: "TimeLimit", node: "n1" })).toBe(
    "TIMEOUT (TimeLimit) on node n1",
  );
  expect(describeState({ state: "CANCELLED", reason: "", node: "" })).toBe("CANCELLED");
});

test("a job that completes has not ended, and one that is queued again waits", () => {
  expect([hasEnded({ state: "COMPLETING" }), isRunning({ state: "COMPLETING" })]).toEqual([false, true]);
  expect([hasEnded({ state: "REQUEUED" }), isRunning({ state: "REQUEUED" })]).toEqual([false, false]);
  expect([hasEnded({ state: "NODE_FAIL" }), isRunning({ state: "NODE_FAIL" })]).toEqual([true, false]);
});

test("a refusal loses the name of the program, and may be one that ends by itself", () => {
  const invalid = [
    "command: sbatch x",
    "sbatch: error: Batch job submission failed: Invalid feature specification",
  ];
  expect(refusalOf(invalid)).toBe("Invalid feature specification");
  expect(mayEnd(refusalOf(invalid))).toBe(false);
  const memory = [
    "sbatch: error: Memory specification can not be satisfied",
    "sbatch: error: Batch job submission failed: Requested node configuration is not available",
  ];
  expect(refusalOf(memory)).toBe(
    "Memory specification can not be satisfied; Requested node configuration is not available",
  );
  const limit = [
    "sbatch: error: QOSMaxSubmitJobPerUserLimit",
    "sbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)",
  ];
  expect(mayEnd(refusalOf(limit))).toBe(true);
  expect(mayEnd("Unable to contact slurm controller (connect failure)")).toBe(true);
});

test("KVM is preferred only where a node has it, and by a Slurm that knows the option", () => {
  expect(someNodeHas("kvm", "tcg\nssd,kvm\n")).toBe(true);
  expect(someNodeHas("kvm", "(null)\nnokvm\n")).toBe(false);
  expect(["slurm-wlm 22.05.8", "slurm 21.08.1", "slurm 23.11.4", ""].map(knowsPreferred)).toEqual([
    ...[true, false],
    ...[true, false],
  ]);
});
