import { expect, test } from "vitest";
import { makePlan } from "../../../shared/contracts/plan.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { directInputs } from "./direct-inputs.ts";

const digests = {
  trees: async () => "trees",
  file: async (path: string) => {
    if (path.endsWith("none.iso")) throw new AppError({ code: "missing-file", message: "it is not there" });
    return `digest of ${path}`;
  },
};

test("all files that a build without a recipe uses are inputs by their names, and so are QEMU and Tinsmith", async () => {
  const plan = makePlan({
    ...{
      kind: "build",
      output: "/out.tar.lz4",
      source: { kind: "new", machine: "/a/machine.json", size: 1 },
    },
    ...{
      bootIso: "/a/none.iso",
      dataIso: "/a/data.iso",
      kernel: { kernel: "/a/vmlinuz", initrd: "/a/initrd" },
    },
  });
  const inputs = await directInputs(plan, digests);
  expect(inputs.map(({ kind, name, digest }) => [kind, name, digest])).toEqual([
    ["machine", "machine.json", "digest of /a/machine.json"],
    ["install-iso", "none.iso", "missing"],
    ["cd-file", "data.iso", "digest of /a/data.iso"],
    ["kernel", "vmlinuz", "digest of /a/vmlinuz"],
    ["kernel", "initrd", "digest of /a/initrd"],
    ["tool", "QEMU", expect.any(String)],
    ["tool", "Tinsmith", expect.any(String)],
  ]);
});

test("an image that a build starts from is an input", async () => {
  const source = { kind: "image", archive: "/a/setup.tar.lz4" } as const;
  const [first, ...others] = await directInputs(
    makePlan({ kind: "build", output: "/out.tar.lz4", source }),
    digests,
  );
  expect(first).toEqual({ kind: "setup-image", name: "setup.tar.lz4", digest: "digest of /a/setup.tar.lz4" });
  expect(others.map(({ kind }) => kind)).toEqual(["tool", "tool"]);
});
