import type { ImageSet } from "../../../shared/library/library.ts";
import { app } from "../../client/api-client.ts";
import { showFilePanel } from "../layout/panels.ts";

/** A rules.yaml to begin with: its one rule applies to a session for which a person switches the rules on. */
export const rulesTemplate = `# Rules hold, change and break messages between the guest tools and the host.
# They apply to a build or run only if you switch them on for it. Ctrl+Space shows what can be written.

# The seed of the rules that have a probability:
# seed: 1

rules:
  # The guest tools get 503 when they first ask for the task, and have to ask again.
  - name: refuse the first execute
    when: { endpoint: execute }
    steps: [{ answer: { status: 503 } }]

  # The response to the result is lost, each time:
  # - name: lost result
  #   when: { from: host, endpoint: success }
  #   steps: [{ cut: {} }]
  #   times: always
`;

/** A scenario to begin with, which guest tools without faults pass. */
export const scenarioTemplate = `# A scenario runs a task on the worker image, with faults and actions, and compares the result with expectations.
# Ctrl+Space shows what can be written.

name: The guest tools send the result again when its response is lost
command: [sh, -c, echo hello]
rules:
  - name: lost response
    when: { from: host, endpoint: success }
    steps: [{ cut: {} }]
expect:
  - result: success
  - log: { text: hello }
  - exchanges: { endpoint: success, least: 2 }
`;

/** Makes the rules.yaml of an image set that has none, and opens it. @throws AppError `file-changed` if there is one */
export async function addRules({ folder }: Pick<ImageSet, "folder">): Promise<void> {
  await add(`${folder}/rules.yaml`, rulesTemplate);
}

/** Makes another scenario of an image set that has some, and opens it. @throws AppError as `addRules` does */
export async function addScenario({ scenarios }: Pick<ImageSet, "scenarios">): Promise<void> {
  const folder = scenarios[0]?.replace(/[^/]*$/, "");
  const names = scenarios.map(
    (_, index) => `${folder}new-scenario${index === 0 ? "" : `-${index + 1}`}.yaml`,
  );
  const free = [...names, `${folder}new-scenario-${names.length + 1}.yaml`].find(
    (name) => !scenarios.includes(name),
  );
  if (folder !== undefined && free !== undefined) await add(free, scenarioTemplate);
}

async function add(path: string, text: string): Promise<void> {
  await app().files.save({ path, text, replaces: null });
  showFilePanel(path);
}
