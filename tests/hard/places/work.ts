import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepareGuestTools } from "../../../core/builder/prepare-guest-tools.ts";
import { extractArchive } from "../../../core/image/archive/extract-archive.ts";
import { packArchive } from "../../../core/image/archive/pack-archive.ts";
import { makeDataIso } from "../../../core/iso/data-iso.ts";
import { findInstallIso } from "../../../core/iso/install-iso.ts";
import { openSession } from "../../../core/session/serve/session.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import { serveFile } from "./serve-file.ts";
import type { Attempt } from "./works.ts";

// work.ts PLACE MATERIAL NAME...
// Does these works, one after the other, where there is no room or no permission, and prints what came of each.

const [place = "", material = "", ...names] = process.argv.slice(2);
const large = join(material, "large");
const image = join(material, "image");
const archive = join(place, "a.tar.lz4");
const isos = { folder: material, cache: place, working: place };

const works: Readonly<Record<string, () => Promise<unknown>>> = {
  "guest tools": () =>
    prepareGuestTools(
      { build: ["cp", large, join(place, "tools")], binary: "tools", run: [] },
      { recipeFolder: material, folder: place },
    ),
  "data CD": () => makeDataIso([{ name: "half", from: join(material, "half") }], place),
  "built ISO": () => findInstallIso({ build: ["cp", large], inputs: ["large"] }, isos),
  "fetched ISO": async () => {
    await using server = await serveFile(large);
    await findInstallIso({ url: server.url, sha256: "0".repeat(64) }, isos);
  },
  "extracted image": () =>
    extractArchive({ archive: join(material, "image.tar.lz4"), folder: join(place, "image") }),
  "new archive": () => packArchive({ folder: image, target: archive }),
  "archive in place of an old one": async () => {
    writeFileSync(archive, "old");
    await packArchive({ folder: image, target: archive });
  },
  session: async () => openSession(findPaths({ TINSMITH_HOME: join(place, "home") }), "a test"),
  "session where nothing fits": async () => {
    fill(join(place, "other"));
    openSession(findPaths({ TINSMITH_HOME: join(place, "home") }), "a test");
  },
};

function fill(path: string): void {
  try {
    writeFileSync(path, readFileSync(large));
  } catch {
    // As it should be.
  }
}

async function attempt(name: string): Promise<Attempt> {
  const error = await works[name]?.().then(
    () => undefined,
    (thrown: unknown) => toAppError(thrown).toJSON(),
  );
  const entries = readdirSync(place, { recursive: true, encoding: "utf8", withFileTypes: true });
  const left = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  const kept = left.includes("a.tar.lz4") ? readFileSync(archive, "utf8") : undefined;
  return { name, error, left, archive: kept };
}

// Only now: what is imported may lie where nobody else can read it.
if (process.env.WORK_AS_NOBODY && process.getuid?.() === 0) process.setuid?.(65534);
for (const name of names) {
  process.stdout.write(`${JSON.stringify(await attempt(name))}\n`);
  for (const left of readdirSync(place)) rmSync(join(place, left), { recursive: true });
}
