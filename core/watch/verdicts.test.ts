import { expect, test } from "vitest";
import { commandFailed } from "../process/run-command.ts";
import { verdictOfError, verdictOfTools } from "./verdicts.ts";

const printed = ["# tinsmith/guest", "task.go:41:2: undefined: runTask", "1 file was compiled"];
const error = commandFailed(["/src/build.sh"], "failed with exit status 1", printed);

test("a compiler's mistake is in the lines of a verdict, and not in its text, too", () => {
  expect(error.message).toContain("undefined: runTask");
  expect(verdictOfTools(error)).toMatchObject({
    text: "the guest tools can't be built: /src/build.sh failed with exit status 1",
    lines: printed,
  });
  expect(verdictOfError(error)).toMatchObject({
    text: "/src/build.sh failed with exit status 1",
    lines: ["command: /src/build.sh", ...printed],
  });
});
