import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeBuiltWorkshop } from "../built-workshop.ts";
import { tinsmith } from "../tinsmith.ts";

const workshop = makeBuiltWorkshop();

test("a worker image that was changed without booting boots, and its guest has the file", async () => {
  const [file, trial] = ["greeting", "trial.tar.lz4"].map((name) => join(workshop.folder, name)) as [
    string,
    string,
  ];
  writeFileSync(file, "hello from outside\n", { mode: 0o640 });
  const put = `${file}:/tce/mydata.tar/opt/greeting`;
  const changed = await tinsmith(workshop, ["change-image", workshop.workerImage, trial, "--put", put]);
  expect(changed.exitStatus).toBe(0);
  const script = "cat /opt/greeting; stat -c '%a %s' /opt/greeting";
  const { exitStatus, stdout } = await tinsmith(workshop, ["run", trial, "--", "sh", "-c", script]);
  expect(stdout.toString()).toContain("hello from outside\r\n640 19\r\n");
  expect(exitStatus).toBe(0);
});
