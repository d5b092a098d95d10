import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { drawHouse } from "./house/draw-house.ts";
import { readHouse } from "./house/read-house.ts";

// docs/pictures/house.svg is made here: UPDATE_DOCS=1 npx vitest run --project unit tests/docs/house.test.ts

const project = resolve(import.meta.dirname, "../..");
const picture = join(project, "docs/pictures/house.svg");

/** What a picture shows, without what changes with each file: how many there are. */
function shown(svg: string) {
  const all = (pattern: RegExp) => [...svg.matchAll(pattern)].map(([, name]) => name).sort();
  return { rooms: all(/data-room="([^"]+)"/g), imports: all(/data-import="([^"]+)"/g) };
}

test("the picture of the house has the rooms and the imports that there are", () => {
  const guestFiles = globSync("guest/**/*.go", { cwd: project }).filter((file) => !file.endsWith("_test.go"));
  const house = readHouse();
  const drawn = drawHouse(house, { files: guestFiles.length });
  if (process.env.UPDATE_DOCS) writeFileSync(picture, drawn);
  expect(shown(readFileSync(picture, "utf8")), "draw it anew: see this test's first lines").toEqual(
    shown(drawn),
  );
  expect(shown(drawn).rooms).toEqual(
    house.wings.flatMap(({ rooms }) => rooms.map(({ name }) => name)).sort(),
  );
});

test("the page on architecture tells of each room, and of each of core's", () => {
  const page = readFileSync(join(project, "docs/architecture.md"), "utf8");
  const { wings } = readHouse();
  const rooms = wings.filter(({ name }) => name === "core").flatMap(({ rooms }) => rooms);
  const names = [...wings, ...rooms].map(({ name }) => `| \`${name}/\` |`);
  expect(names.filter((name) => !page.includes(name))).toEqual([]);
});

test("nobody imports against the order of the wings", () => {
  const pairs = readHouse().outdoors.map(({ from, to }) => `${from} ${to}`);
  expect(pairs.filter((pair) => !/^\w+ shared$|^(cli|electron) core$/.test(pair))).toEqual([]);
});
