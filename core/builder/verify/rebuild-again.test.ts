import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { manifestPath } from "../../manifest/manifest-file.ts";
import { buildingRecipe, makeFreshSet } from "../freshness/test-fresh-set.ts";
import { runGuest } from "../run-guest.ts";
import { verifyImage } from "./verify-image.ts";

// Only the virtual machine is left out of these builds.
vi.mock("../run-guest.ts", () => ({ runGuest: vi.fn(async () => 1_000) }));

async function makeWorker(recipe = buildingRecipe) {
  const made = await makeFreshSet(recipe);
  await made.build("worker");
  const { paths, set } = made;
  const verify = async (options: { rebuilds?: boolean; withInputs?: boolean; recipe?: string } = {}) => {
    const context = { paths, signal: new AbortController().signal, onNote: () => {}, onBuildEvent: () => {} };
    const usual = { ...context, withInputs: true, rebuilds: false };
    const { findings } = await verifyImage(set.workerImage, { ...usual, ...options });
    return findings.filter(({ subject }) => !["archive", "files"].includes(subject));
  };
  return { ...made, verify };
}

test("the inputs are those on disk until one of them changes", async () => {
  const { write, verify, folder } = await makeWorker();
  expect(await verify()).toEqual([
    { subject: "inputs", ok: true, text: expect.stringMatching(/^Its \d+ inputs are those on disk now\.$/) },
  ]);
  write("setup.sh", "edited");
  rmSync(join(folder, "lib"));
  expect(await verify()).toMatchObject([
    {
      ...{ subject: "inputs", ok: false },
      text: "Its inputs are not those on disk now: setup.sh changed; lib is missing.",
      advice: `Build it again with tinsmith rebuild worker --recipe ${folder}, or restore them.`,
      inputs: [{ name: "setup.sh" }, { name: "lib" }],
    },
  ]);
});

test("guest tools that can't be known before a build are told of, and fail nothing", async () => {
  const { verify } = await makeWorker(buildingRecipe.replace("inputs: [src], ", ""));
  expect(await verify()).toMatchObject([
    { ok: true, text: expect.stringContaining("; guest tools can't be known before a build.") },
  ]);
});

test("an archive without its recipe can't be compared, unless the recipe is named, or the inputs are left out", async () => {
  const { verify, folder } = await makeWorker();
  const elsewhere = join(folder, "src");
  expect(await verify({ recipe: elsewhere })).toMatchObject([
    {
      subject: "inputs",
      ok: false,
      text: `The inputs can't be compared: ${elsewhere}/recipe.yaml does not exist.`,
    },
  ]);
  expect(await verify({ recipe: elsewhere, withInputs: false })).toEqual([]);
  expect(await verify({ recipe: folder })).toMatchObject([{ ok: true }]);
});

test("a rebuild from the same has the same files and bytes, leaves the archive as it was, and is forgotten", async () => {
  const { verify, paths, set } = await makeWorker();
  const kept = () => [
    readFileSync(set.workerImage).length,
    readFileSync(manifestPath(set.workerImage), "utf8"),
    readdirSync(paths.builds),
    readdirSync(paths.fileLists),
  ];
  const before = kept();
  expect(await verify({ rebuilds: true, withInputs: false })).toEqual([
    { subject: "rebuild", ok: true, text: "A rebuild has the same files." },
    { subject: "bytes", ok: true, text: "The bytes of its archive are the same." },
  ]);
  expect(kept()).toEqual(before);
});

test("a rebuild whose guest has written something else is found", async () => {
  const { verify } = await makeWorker();
  vi.mocked(runGuest).mockImplementationOnce(async (_plan, { disk }) => {
    const layer = `driver=qcow2,file.filename=${join(disk.folder, "layer.qcow2")}`;
    const backing = `backing.driver=raw,backing.file.filename=${disk.backing}`;
    execFileSync("qemu-io", ["-c", "write -P 65 0 512", "--image-opts", `${layer},${backing}`], {
      stdio: "pipe",
    });
    return 1_000;
  });
  expect(await verify({ rebuilds: true })).toMatchObject([
    { subject: "inputs", ok: true },
    {
      ...{ subject: "rebuild", ok: false, text: "A rebuild differs in 1 file that should be the same." },
      changes: [{ path: "/disk.img", change: "changed" }],
    },
    { subject: "bytes", ok: true, text: expect.stringContaining("differ") },
  ]);
});

test("a worker image is not rebuilt without its setup image, which would be built as well", async () => {
  const { verify, set } = await makeWorker();
  rmSync(set.setupImage);
  await expect(verify({ rebuilds: true })).rejects.toThrow(
    `the setup image ${set.setupImage} does not exist`,
  );
});
