import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { planUnits } from "./plan-units.ts";
import { readMatrix } from "./read-matrix.ts";
import { makeMatrixSet } from "./test-matrix-set.ts";

const unitsOf = (folder: string) => planUnits(readMatrix(folder).cells);

test("cells share the set's own setup image, which is built first only if it is missing", () => {
  const { folder } = makeMatrixSet("matrix: {memory: [512, 1024]}\n");
  const setupImage = join(folder, "small-setup.tar.lz4");
  const [setup, first, second] = unitsOf(folder);
  expect(setup).toMatchObject({
    name: "small/setup",
    kind: "setup",
    plan: { image: "setup" },
    output: setupImage,
  });
  expect(first).toMatchObject({
    name: "small/512",
    needs: ["small/setup"],
    plan: { setupImage },
    memory: 512,
  });
  expect(second).toMatchObject({ name: "small/1024", needs: ["small/setup"], plan: { memory: 1024 } });
  writeFileSync(setupImage, "by hand");
  expect(unitsOf(folder).map(({ name, needs }) => [name, needs])).toEqual([
    ["small/512", []],
    ["small/1024", []],
  ]);
});

test("each machine definition, size and set of variables has a setup image, unless it is that of the recipe", () => {
  const matrix = "matrix: {machine: [machine.json, large.json], size: [1, 2], memory: [300, 400]}\n";
  const { folder } = makeMatrixSet(matrix);
  const units = unitsOf(folder);
  const setups = units.filter(({ kind }) => kind === "setup");
  expect(setups).toMatchObject([
    { name: "small/setup", output: join(folder, "small-setup.tar.lz4") },
    { name: "small/setup-2G", plan: { size: 2, output: join(folder, "matrix/setup/2G.tar.lz4") } },
    { name: "small/setup-large", plan: { machine: join(folder, "large.json") }, memory: 3000 },
    { name: "small/setup-large-2G", plan: { machine: join(folder, "large.json"), size: 2 } },
  ]);
  expect(units).toHaveLength(4 + 8);
  expect(units.at(-1)).toMatchObject({
    name: "small/large-2G-400",
    needs: ["small/setup-large-2G"],
    plan: { setupImage: join(folder, "matrix/setup/large-2G.tar.lz4"), memory: 400 },
  });
});

test("guest tools that a command builds are built once, and those that are there are only named", () => {
  const { folder } = makeMatrixSet(`matrix:
  guestTools:
    own:
    shell: {binary: tools.sh, run: [-v]}
    built: {build: [make], binary: out/tools}
  memory: [300, 400]
`);
  const units = unitsOf(folder);
  const place = join(folder, "matrix/guest-tools/built");
  expect(units.filter(({ kind }) => kind === "guest-tools")).toMatchObject([
    { name: "small/guest-tools-built", tools: { build: ["make"] }, place },
  ]);
  const planOf = (name: string) => units.find((unit) => unit.name === name);
  expect(planOf("small/own-300")).toMatchObject({ needs: ["small/setup"], plan: { guestTools: undefined } });
  expect(planOf("small/shell-300")).toMatchObject({
    needs: ["small/setup"],
    plan: { guestTools: { binary: join(folder, "tools.sh"), run: ["-v"] } },
  });
  expect(planOf("small/built-400")).toMatchObject({
    needs: ["small/guest-tools-built", "small/setup"],
    plan: { guestTools: { binary: join(place, "guest-tools"), run: [] } },
  });
});

test("a version of guest tools is built by the recipe's command, without which it is refused", () => {
  const { folder, addSet } = makeMatrixSet("matrix: {guestTools: [v1.0]}\n");
  expect(() => unitsOf(folder)).toThrow("no command builds the guest tools v1.0");
  const built = addSet(
    "built",
    "guestTools: {build: [make], binary: out/tools, run: [a]}\nmatrix: {guestTools: [v1.0, v1.1]}\n",
  );
  expect(unitsOf(built).filter(({ kind }) => kind === "guest-tools")).toMatchObject([
    { name: "built/guest-tools-v1.0", version: "v1.0", tools: { build: ["make"] } },
    { name: "built/guest-tools-v1.1", version: "v1.1" },
  ]);
});
