import { existsSync, rmSync } from "node:fs";
import { appendFile, copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execaSync } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { copySetupImage } from "../built-workshop.ts";
import { makeWorkshop, tinsmith, type Workshop } from "../tinsmith.ts";

const shellTools = "{binary: tools.sh, run: [--greeting, hello from the matrix]}";
const matrix = `
matrix:
  guestTools: {own: , shell: ${shellTools}}
  memory: [300, 400]
`;

/** A workshop with a setup image, and guest tools that are a script. @param recipe the end of its recipe */
async function workshopWith(recipe: string): Promise<Workshop> {
  const workshop = makeWorkshop();
  onTestFinished(() => rmSync(workshop.folder, { recursive: true }));
  copySetupImage(workshop);
  await copyFile(join(import.meta.dirname, "../shell-guest-tools.sh"), join(workshop.imageSet, "tools.sh"));
  await appendFile(join(workshop.imageSet, "recipe.yaml"), recipe);
  return workshop;
}

const archiveOf = ({ imageSet }: Workshop, cell: string) => join(imageSet, "matrix", `${cell}.tar.lz4`);

/** The processes that belong to a workshop: sessions and virtual machines. */
const processesOf = ({ folder }: Workshop) =>
  execaSync("pgrep", ["-f", `^qemu-system.*${folder}`], { reject: false })
    .stdout.split("\n")
    .filter(Boolean);

const running = async (workshop: Workshop): Promise<readonly unknown[]> => {
  const { stdout } = await tinsmith(workshop, ["sessions", "--json"]);
  return JSON.parse(stdout.toString());
};

const eventsOf = (stdout: Buffer | string) =>
  stdout
    .toString()
    .split("\n")
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line));

test("the archives of a matrix are those that are built one by one, and a second run builds nothing", async () => {
  const workshop = await workshopWith(matrix);
  const built = await tinsmith(workshop, ["matrix", "--recipe", workshop.imageSet]);
  expect(built).toMatchObject({ exitStatus: 0 });
  expect(built.stdout.toString()).toContain("4 cells: 4 built, 0 up to date\n");
  expect(built.stderr.match(/guest-tools-recipe: built/g)).toHaveLength(1);

  const isSame = async (one: string, other: string) =>
    expect(await tinsmith(workshop, ["diff", one, other, "--ignore", "expected"])).toMatchObject({
      exitStatus: 0,
    });
  for (const [tools, memory, recipe] of [
    ["own", "300", ""],
    ["shell", "400", `\nguestTools: ${shellTools}\n`],
  ] as const) {
    const alone = await workshopWith(recipe);
    const args = ["rebuild", "worker", "--memory", memory, "--recipe", alone.imageSet];
    expect(await tinsmith(alone, args)).toMatchObject({ exitStatus: 0 });
    await isSame(archiveOf(workshop, `${tools}-${memory}`), alone.workerImage);
    // Nothing in an image depends on the memory of the machine that it was built in.
    await isSame(archiveOf(workshop, `${tools}-300`), archiveOf(workshop, `${tools}-400`));
  }
  expect(existsSync(workshop.workerImage)).toBe(false);

  const again = await tinsmith(workshop, ["matrix", "--recipe", workshop.imageSet]);
  expect(again.stdout.toString()).toContain("4 cells: 0 built, 4 up to date\n");
  expect(again.stderr).not.toContain("started");
});

test("when a matrix is killed, its sessions go on, and the next run follows them and builds the rest", async () => {
  const workshop = await workshopWith("matrix: {memory: [300, 310, 320]}\n");
  const args = ["matrix", "--recipe", workshop.imageSet, "--jobs", "2", "--json"];
  const isBooting = (stdout: string) => stdout.match(/"step":"boot"/g)?.length === 2;
  const killed = await tinsmith(workshop, args, {
    onStdout: (stdout, interrupt) => isBooting(stdout) && interrupt("SIGKILL"),
  });
  const sessions = (stdout: Buffer) =>
    eventsOf(stdout).flatMap(({ type, session }) => (type === "unit-session" ? [session] : []));
  const before = sessions(killed.stdout);
  expect(before).toHaveLength(2);
  expect(await running(workshop)).toHaveLength(2);

  const next = await tinsmith(workshop, [...args, "--failed"]);
  expect(next).toMatchObject({ exitStatus: 0 });
  const after = sessions(next.stdout);
  expect(after).toHaveLength(3);
  expect(after).toEqual(expect.arrayContaining(before));
  expect(eventsOf(next.stdout).at(-1)).toMatchObject({ type: "matrix-finished", counts: { succeeded: 3 } });
  expect((await tinsmith(workshop, [...args, "--failed"])).stdout.toString()).toBe("");
});

test("a cell that fails does not end the others, and Ctrl-C ends all of them", async () => {
  const workshop = await workshopWith(
    "matrix: {guestTools: {good: {binary: tools.sh}, bad: {binary: none.sh}}, memory: [300]}\n",
  );
  const args = ["matrix", "--recipe", workshop.imageSet, "--json"];
  const failed = await tinsmith(workshop, args);
  expect(failed).toMatchObject({ exitStatus: 1 });
  const ends = Object.fromEntries(
    eventsOf(failed.stdout).flatMap((event) => (event.type === "unit-ended" ? [[event.unit, event]] : [])),
  );
  expect(ends["microcore/good-300"]).toMatchObject({ result: "succeeded" });
  expect(ends["microcore/bad-300"]).toMatchObject({
    result: "failed",
    error: { message: expect.stringContaining("none.sh does not exist") },
  });

  await writeFile(join(workshop.imageSet, "none.sh"), await readFile(join(workshop.imageSet, "tools.sh")));
  const interrupted = await tinsmith(workshop, [...args, "--failed"], {
    onStdout: (stdout, interrupt) => stdout.includes('"step":"boot"') && interrupt("SIGINT"),
  });
  expect(interrupted).toMatchObject({ exitStatus: 130 });
  expect(processesOf(workshop)).toEqual([]);
  expect(await running(workshop)).toEqual([]);
  expect(eventsOf(interrupted.stdout).find(({ type }) => type === "unit-ended")).toMatchObject({
    unit: "microcore/bad-300",
    result: "cancelled",
  });

  const listed = eventsOf(
    (await tinsmith(workshop, ["matrix", "--recipe", workshop.imageSet, "--list", "--json"])).stdout,
  );
  expect(listed.map(({ cell, last }) => [cell, last.status])).toEqual([
    ["microcore/good-300", "succeeded"],
    ["microcore/bad-300", "cancelled"],
  ]);
});
