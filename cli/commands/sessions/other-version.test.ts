import { resolve } from "node:path";
import { expect, test, vi } from "vitest";
import { newHome } from "../../../core/session/serve/test-session.ts";
import { startOtherVersion } from "../../../tests/other-version/start.ts";
import { tinsmith } from "../../support/test-meta.ts";

// Each command is a process of its own, which takes its time on a busy host.
vi.setConfig({ testTimeout: 60_000 });

test("the CLI says of a session of another version what can be done with it", async () => {
  const paths = newHome();
  await using other = await startOtherVersion(paths);
  const home = resolve(paths.sessions, "..");
  const listed = await tinsmith(home, ["sessions"]);
  expect(listed.stdout.toString()).toContain("A dream");
  expect(listed.stderr).toContain(`note: session ${other.id} runs Tinsmith 9.9.9`);
  const asked = await tinsmith(home, ["ls", "/"]);
  expect(asked).toMatchObject({ exitStatus: 2, stderr: expect.stringContaining("Use Tinsmith 9.9.9") });
});
