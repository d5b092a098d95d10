import { dirname } from "node:path";
import { expect, test, vi } from "vitest";
import { newHome } from "../../../core/session/serve/test-session.ts";
import { keepTestCheckpoint } from "../../../core/states/test-kept-checkpoint.ts";
import { tinsmith } from "../../support/test-meta.ts";

// Each command is a process of its own, which takes its time on a busy host.
vi.setConfig({ testTimeout: 60_000 });

test("kept checkpoints are listed in columns, the newest first, or as JSON without their secrets, and deleted", async () => {
  const home = newHome();
  const run = async (...args: string[]) =>
    `${(await tinsmith(dirname(home.sessions), ["checkpoint", ...args])).stdout}`;
  expect(await run("list", "--kept")).toBe("No checkpoints are kept.\n");
  expect(await run("list", "--kept", "--json")).toBe("");
  await keepTestCheckpoint(home);
  await keepTestCheckpoint(home, { name: "later", time: 2_000, archive: "/images/longer-name.tar.lz4" });
  const id = "20261124-050313-d739";
  const lines = (await run("list", "--kept")).split("\n").map((line) => line.slice(line.indexOf(id)));
  expect(lines).toEqual([`${id}  longer-name.tar.lz4  later`, `${id}  worker.tar.lz4       a try`, ""]);
  const [, second = ""] = (await run("list", "--kept", "--json")).split("\n");
  const described = {
    name: "a try",
    time: 1_000,
    session: id,
    archive: "/images/worker.tar.lz4",
    command: ["true"],
  };
  expect(JSON.parse(second)).toEqual({ ...described, size: expect.any(Number) as number });
  expect(await run("delete", "--kept", "a try")).toBe('Deleted the kept checkpoint "a try".\n');
  expect(await run("list", "--kept")).toMatch(/later\n$/);
});
