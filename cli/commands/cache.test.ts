import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { findOrMakeEntry } from "../../core/cache/make-entry.ts";
import { newHome } from "../../core/session/serve/test-session.ts";
import { keepTestCheckpoint } from "../../core/states/test-kept-checkpoint.ts";
import { tinsmith } from "../support/test-meta.ts";

test("the cache is listed by kind, and cleared but for what is in use", async () => {
  const paths = newHome();
  const home = dirname(paths.sessions);
  const make = async (folder: string) => writeFileSync(join(folder, "file"), Buffer.alloc(8192));
  using _held = await findOrMakeEntry(paths, {
    kind: "state",
    key: "a",
    what: "the state of a.tar.lz4",
    make,
  });
  (await findOrMakeEntry(paths, { kind: "image", key: "b", what: "the disk of b.tar.lz4", make }))[
    Symbol.dispose
  ]();
  const run = async (...args: string[]) => `${(await tinsmith(home, ["cache", ...args])).stdout}`;
  const stdout = await run();
  expect(stdout.replaceAll(/\d+\.\d kB|\d{4}-\S+ \S+/g, "N").replaceAll(/ +/g, " ")).toBe(
    [
      "Unpacked images (image): 1 entry, N",
      " N N The disk of b.tar.lz4",
      "Saved states (state): 1 entry, N",
      " N in use The state of a.tar.lz4",
      "Total: 2 entries, N. The limit is 20 GiB.\n",
    ].join("\n"),
  );
  const listed = JSON.parse(await run("--json"));
  expect(listed).toMatchObject([
    { kind: "image", key: "b", isInUse: false },
    { kind: "state", key: "a", isInUse: true },
  ]);

  const refused = await tinsmith(home, ["cache", "clear", "images"]);
  expect(refused).toMatchObject({
    exitStatus: 2,
    stderr: expect.stringContaining("Allowed choices are iso, image"),
  });
  expect(await run("clear", "state")).toBe(
    "Deleted 0 entries, 0 bytes.\nIn use, and kept: the state of a.tar.lz4.\n",
  );
  await keepTestCheckpoint(paths, { digest: "c" });
  const image = { archive: "/images/gone.tar.lz4", digest: "c" };
  const needed = { kind: "image", key: "c", what: "the disk of c.tar.lz4", image, make } as const;
  (await findOrMakeEntry(paths, needed))[Symbol.dispose]();
  expect(await run()).toContain(
    "  The disk of c.tar.lz4, of an archive that was replaced or deleted, needed by a kept checkpoint\n",
  );
  const all = JSON.parse(await run("clear", "--json"));
  expect(all).toMatchObject({ deleted: [{ key: "b" }], kept: [{ key: "c", isNeeded: true }, { key: "a" }] });
  expect(await run("clear", "image")).toBe(
    "Deleted 0 entries, 0 bytes.\nNeeded by kept checkpoints, and kept: the disk of c.tar.lz4.\n",
  );
  expect(await run("clear", "checkpoint")).toMatch(/^Deleted 1 entry/);
  expect(await run("clear")).toMatch(/^Deleted 1 entry/);
  expect(await run()).toContain("Total: 1 entry");
}, 120_000);
