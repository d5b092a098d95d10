import { resolve } from "node:path";
import { expect, test } from "vitest";
import { newHome } from "../../../core/session/serve/test-session.ts";
import { tinsmith } from "../../support/test-meta.ts";

const build = ["build", "from-new", "machine.json", "out.tar.lz4"];

test.each([
  [["--boot-entry", "1"], "--boot-entry needs --boot"],
  [["--append", "quiet"], "--initrd and --append need --kernel"],
  [["--boot", "a.iso", "--boot-entry", "1", "--kernel", "k"], "cannot be used with option '--kernel <FILE>'"],
])("a build with %j is refused", async (options, message) => {
  const { exitStatus, stderr } = await tinsmith(resolve(newHome().sessions, ".."), [...build, ...options]);
  expect(stderr).toContain(message);
  expect(exitStatus).toBe(2);
});
