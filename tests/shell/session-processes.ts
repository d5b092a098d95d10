import type { Shell } from "./launch.ts";

/** The process ids of the sessions that the app has started and that run. */
export const sessionProcesses = (shell: Shell): Promise<readonly number[]> =>
  shell.evaluate(({ app }) =>
    app
      .getAppMetrics()
      // Electron's own services have other names.
      .filter(({ serviceName }) => serviceName === "node.mojom.NodeService")
      .map(({ pid }) => pid),
  );
