import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { newHome } from "../session/serve/test-session.ts";
import type { Paths } from "./paths.ts";
import { changeSettings, currentSettings, readSettings } from "./settings-store.ts";

const keptFiles = join(import.meta.dirname, "../../tests/fixtures/kept-files");
const defaults = {
  theme: "system",
  accelerator: "auto",
  screenReader: false,
  keepFailed: false,
  workspaces: [],
  archives: [],
  toolFolders: [],
  retention: { sessions: 50, sessionsGib: 1, cacheGib: 20 },
};

function withFile(text: string): Paths {
  const paths = newHome();
  mkdirSync(dirname(paths.settings), { recursive: true });
  writeFileSync(paths.settings, text);
  return paths;
}

test("without a file all settings are the defaults, and a change makes the file", () => {
  const paths = newHome();
  expect(readSettings(paths)).toEqual(defaults);
  changeSettings(paths, { theme: "dark" });
  expect(readSettings(paths)).toEqual({ ...defaults, theme: "dark" });
  expect(JSON.parse(readFileSync(paths.settings, "utf8"))).toMatchObject({ version: 2, theme: "dark" });
});

test.each([
  ["settings-0.json", { accelerator: "tcg", workspaces: ["/home/me/images"] }],
  ["settings-1.json", { theme: "dark", workspaces: ["/home/me/images"] }],
])("settings that were kept earlier, %s, are kept still", (name, kept) => {
  const paths = withFile("");
  copyFileSync(join(keptFiles, name), paths.settings);
  expect(currentSettings(paths)).toEqual({ ...defaults, ...kept });
  changeSettings(paths, { keepFailed: true });
  expect(readSettings(paths)).toEqual({ ...defaults, ...kept, keepFailed: true });
});

test.each([
  [4, 20],
  [50, 50],
])("the limit of kept work of %d GiB is one of the cache, of %d GiB", (keptWorkGib, cacheGib) => {
  const paths = withFile(JSON.stringify({ version: 1, retention: { sessions: 7, keptWorkGib } }));
  expect(readSettings(paths).retention).toEqual({ sessions: 7, sessionsGib: 1, cacheGib });
});

test("a newer Tinsmith's settings leave the defaults in place, say why, and can't be changed", () => {
  const newer = '{"version": 3, "theme": {"day": "light", "night": "dark"}}';
  const paths = withFile(newer);
  expect(currentSettings(paths)).toEqual({
    ...defaults,
    problem: expect.objectContaining({
      code: "newer-version",
      message: `the file ${paths.settings} holds settings of version 3, and this Tinsmith supports versions up to 2`,
    }),
  });
  expect(() => changeSettings(paths, { theme: "dark" })).toThrow("of version 3");
  expect(readFileSync(paths.settings, "utf8")).toBe(newer);
});

test.each([{ sessions: 0 }, { sessions: 2.5 }, { sessionsGib: -1 }, { cacheGib: "10" }])(
  "limits of what is kept that make no sense are refused: %o",
  (retention) => {
    const paths = withFile(JSON.stringify({ version: 2, retention }));
    expect(currentSettings(paths)).toMatchObject({ problem: { code: "usage" } });
  },
);

test("damaged settings leave the defaults in place, and stay for a person to correct", () => {
  const paths = withFile('{"theme": "dar');
  expect(currentSettings(paths)).toMatchObject({ theme: "system", problem: { code: "usage" } });
  expect(() => changeSettings(paths, { theme: "dark" })).toThrow("is damaged");
  expect(readFileSync(paths.settings, "utf8")).toBe('{"theme": "dar');
});
