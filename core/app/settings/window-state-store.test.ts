import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { newHome } from "../../session/serve/test-session.ts";
import { keepWindowState, readWindowState } from "./window-state-store.ts";

test("what windows remember is kept for this user alone, and none loses what another has changed", () => {
  const paths = newHome();
  expect(readWindowState(paths)).toEqual({});
  keepWindowState(paths, { layout: "{}", wrapsLog: false });
  keepWindowState(paths, { fontSize: 15 });
  expect(readWindowState(paths)).toEqual({ layout: "{}", wrapsLog: false, fontSize: 15 });
  expect(statSync(paths.windowState).mode & 0o777).toBe(0o600);
});

test("a newer Tinsmith's state is left as it is, and what is damaged does not keep the window from starting", () => {
  const paths = newHome();
  mkdirSync(dirname(paths.windowState), { recursive: true });
  for (const text of ['{"version": 2, "layout": {}}', "not JSON", '{"version": 1, "fontSize": "large"}']) {
    writeFileSync(paths.windowState, text);
    expect(readWindowState(paths)).toEqual({});
    expect(() => keepWindowState(paths, { fontSize: 15 })).toThrow(paths.windowState);
    expect(readFileSync(paths.windowState, "utf8")).toBe(text);
  }
});
