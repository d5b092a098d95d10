import type { Command } from "commander";

type MakeCommand = () => Promise<Command>;

/** All commands that `--help` shows, in its order. The code of one is loaded when it is used. */
export const commands: Readonly<Record<string, MakeCommand>> = {
  rebuild: async () => (await import("./commands/images/rebuild.ts")).rebuildCommand(),
  build: async () => (await import("./commands/images/build.ts")).buildCommand(),
  record: async () => (await import("./commands/images/record.ts")).recordCommand(),
  matrix: async () => (await import("./commands/matrix/matrix.ts")).matrixCommand(),
  warm: async () => (await import("./commands/images/warm.ts")).warmCommand(),
  steps: async () => (await import("./commands/images/steps.ts")).stepsCommand(),
  choose: async () => (await import("./commands/sessions/choose.ts")).chooseCommand(),
  run: async () => (await import("./commands/tasks/run.ts")).runCommand(),
  watch: async () => (await import("./commands/tasks/watch.ts")).watchCommand(),
  sessions: async () => (await import("./commands/sessions/sessions.ts")).sessionsCommand(),
  ls: async () => (await import("./commands/guest/ls.ts")).lsCommand(),
  get: async () => (await import("./commands/guest/get.ts")).getCommand(),
  put: async () => (await import("./commands/guest/put.ts")).putCommand(),
  "replace-tools": async () => (await import("./commands/guest/replace-tools.ts")).replaceToolsCommand(),
  shell: async () => (await import("./commands/guest/shell.ts")).shellCommand(),
  kill: async () => (await import("./commands/guest/kill.ts")).killCommand(),
  action: async () => (await import("./commands/guest/action.ts")).actionCommand(),
  power: async () => (await import("./commands/guest/power.ts")).powerCommand(),
  checkpoint: async () => (await import("./commands/guest/checkpoint.ts")).checkpointCommand(),
  cd: async () => (await import("./commands/guest/cd.ts")).cdCommand(),
  screen: async () => (await import("./commands/guest/screen.ts")).screenCommand(),
  rules: async () => (await import("./commands/guest/rules.ts")).rulesCommand(),
  meta: async () => (await import("./commands/tasks/meta.ts")).metaCommand(),
  scenario: async () => (await import("./commands/tasks/scenario.ts")).scenarioCommand(),
  conformance: async () => (await import("./commands/tasks/conformance.ts")).conformanceCommand(),
  serve: async () => (await import("./serve/serve.ts")).serveCommand(),
  inspect: async () => (await import("./commands/images/inspect.ts")).inspectCommand(),
  "ls-image": async () => (await import("./commands/contents/ls-image.ts")).lsImageCommand(),
  "cat-image": async () => (await import("./commands/contents/cat-image.ts")).catImageCommand(),
  "search-image": async () => (await import("./commands/contents/search-image.ts")).searchImageCommand(),
  diff: async () => (await import("./commands/contents/diff.ts")).diffCommand(),
  verify: async () => (await import("./commands/contents/verify.ts")).verifyCommand(),
  iso: async () => (await import("./commands/images/iso.ts")).isoCommand(),
  pack: async () => (await import("./commands/images/pack.ts")).packCommand(),
  extract: async () => (await import("./commands/images/extract.ts")).extractCommand(),
  publish: async () => (await import("./commands/remotes/publish.ts")).publishCommand(),
  fetch: async () => (await import("./commands/remotes/fetch.ts")).fetchCommand(),
  import: async () => (await import("./commands/images/import.ts")).importCommand(),
  "change-image": async () => (await import("./commands/contents/change-image.ts")).changeImageCommand(),
  "export-disk": async () => (await import("./commands/images/export-disk.ts")).exportDiskCommand(),
  cache: async () => (await import("./commands/cache.ts")).cacheCommand(),
  doctor: async () => (await import("./commands/doctor.ts")).doctorCommand(),
};

/** Those that a person does not start. */
export const hiddenCommands: Readonly<Record<string, MakeCommand>> = {
  session: async () => (await import("./commands/sessions/session.ts")).sessionCommand(),
};
