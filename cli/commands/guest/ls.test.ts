import { dirname } from "node:path";
import { expect, test, vi } from "vitest";
import { newHome, openTestSession } from "../../../core/session/serve/test-session.ts";
import { tinsmith } from "../../support/test-meta.ts";

// Each command is a process of its own, which takes its time on a busy host.
vi.setConfig({ testTimeout: 30_000 });

test("ls of a path without files says how to list it if it is a link", async () => {
  const paths = newHome();
  await openTestSession(paths, { listFolder: async () => ({ files: [], notFound: false }) });
  const { exitStatus, stdout, stderr } = await tinsmith(dirname(paths.sessions), ["ls", "/link"]);
  expect([exitStatus, stdout.toString()]).toEqual([0, ""]);
  expect(stderr).toMatch(/^note: The guest has no plain files in \/link .* list \/link\/ instead/);
});
