import { arrange } from "./arrange.ts";
import type { Architecture, Folder, Imports, TopFolder } from "./read-architecture.ts";

// The picture's measures, in pixels.
const folder = { width: 168, height: 28, gap: 14 };
const topFolder = { width: 420, head: 40, pad: 14, gap: 36 };
const margin = 24;
const width = 2 * topFolder.width + topFolder.gap + 2 * margin;
/** How far an arc swings out for each row that it passes. */
const swing = 17;

const style = `
  svg { --ground: #ffffff; --topFolder: #f4f5f7; --folder: #ffffff; --line: #c9cdd4; --text: #1f2328; --quiet: #656d76; --down: #4a6fa5; --up: #b4541a; }
  @media (prefers-color-scheme: dark) {
    svg { --ground: #16181d; --topFolder: #1e2127; --folder: #272b33; --line: #434954; --text: #e6e8eb; --quiet: #9aa2ad; --down: #86aee6; --up: #f0955a; }
  }
  text { font: 13px system-ui, sans-serif; fill: var(--text); }
  .name { font-weight: 600; font-size: 15px; }
  .quiet { fill: var(--quiet); font-size: 12px; }
  .ground { fill: var(--ground); }
  .topFolder { fill: var(--topFolder); stroke: var(--line); }
  .folder { fill: var(--folder); stroke: var(--line); }
  .floor { stroke-dasharray: 4 3; }
  .import { fill: none; stroke: var(--down); stroke-opacity: 0.75; marker-end: url(#down); }
  .import.up { stroke: var(--up); marker-end: url(#up); }
  .protocol { stroke: var(--quiet); stroke-dasharray: 5 4; fill: none; }
  #down path { fill: var(--down); }
  #up path { fill: var(--up); }`;

/** The parts in the guest, in Go, which share only the protocol with the other folders. */
export interface Guest {
  readonly files: number;
}

/**
 * Draws the architecture: top-level folders with their folders, and an arrow for each import; drawn again it is the
 * same to the byte.
 */
export function drawArchitecture(architecture: Architecture, guest: Guest): string {
  const { places, height } = layOut(architecture);
  const below = places.renderer.y + places.renderer.height + topFolder.gap;
  const guestPlace = { x: margin + 120, y: below, width: topFolder.width - 120, height: topFolder.head + 24 };
  const middle = guestPlace.y + guestPlace.height / 2;
  const direct = architecture.between.filter((one) => !passesCore(one));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    "<title>The folders of Tinsmith and who imports whom</title>",
    `<style>${style}\n</style>`,
    `<defs>${arrowHead("down")}${arrowHead("up")}</defs>`,
    `<rect class="ground" width="${width}" height="${height}" rx="8"/>`,
    ...architecture.topFolders.map((one) =>
      drawTopFolder(one, placeOf(places, one.name), architecture.within),
    ),
    ...direct.map((one) => drawDirect(one, places)),
    ...architecture.between.filter(passesCore).map((one, index) => drawPast(one, places, index)),
    box("topFolder", guestPlace),
    ...lines(guestPlace.x + topFolder.pad, guestPlace.y + 25, [
      '<tspan class="name">guest</tspan>',
      `<tspan class="quiet">${guest.files} files of Go: the guest tools</tspan>`,
    ]),
    `<text class="quiet" x="${guestPlace.x}" y="${guestPlace.y + guestPlace.height + 18}">The dashed line is the protocol of docs/protocol.md.</text>`,
    `<path class="protocol" d="M ${guestPlace.x + guestPlace.width} ${middle} H ${places.core.x}"/>`,
    ...legend(guestPlace.x, guestPlace.y + guestPlace.height + 2 * topFolder.gap),
    "</svg>\n",
  ].join("\n");
}

/** The window at the left, its engine at the right below those who run it, and at the bottom what all share. */
function layOut({ topFolders }: Architecture) {
  const find = (name: string) => {
    const found = topFolders.find((one) => one.name === name);
    if (!found) throw new Error(`there is no folder ${name}`);
    return found;
  };
  const [core, renderer, shared] = [find("core"), find("renderer"), find("shared")];
  const hosts = topFolders.filter((one) => ![core, renderer, shared].includes(one));
  const right = margin + topFolder.width + topFolder.gap;
  const hostWidth = (topFolder.width - topFolder.gap * (hosts.length - 1)) / hosts.length;
  const hostHeight = Math.max(...hosts.map(heightOf));
  const coreTop = margin + hostHeight + topFolder.gap;
  const ground = coreTop + heightOf(core) + topFolder.gap;
  const places = {
    ...Object.fromEntries(
      hosts.map(({ name }, index) => [
        name,
        { x: right + index * (hostWidth + topFolder.gap), y: margin, width: hostWidth, height: hostHeight },
      ]),
    ),
    core: { x: right, y: coreTop, width: topFolder.width, height: heightOf(core) },
    renderer: { x: margin, y: margin, width: topFolder.width, height: heightOf(renderer) },
    shared: { x: margin, y: ground, width: width - 2 * margin, height: heightOf(shared) },
  };
  return { places, height: ground + heightOf(shared) + margin };
}

type Places = ReturnType<typeof layOut>["places"];

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function placeOf(places: Places, name: string): Place {
  const place = new Map<string, Place>(Object.entries(places)).get(name);
  if (!place) throw new Error(`${name} has no place in the picture`);
  return place;
}

function heightOf({ folders }: TopFolder): number {
  if (folders.length === 1) return topFolder.head + topFolder.pad;
  return topFolder.head + folders.length * (folder.height + folder.gap) - folder.gap + topFolder.pad;
}

function drawTopFolder({ name, folders }: TopFolder, place: Place, within: readonly Imports[]): string {
  const files = folders.reduce((sum, one) => sum + one.files, 0);
  const head = [
    box("topFolder", place),
    `<text class="name" x="${place.x + topFolder.pad}" y="${place.y + 25}">${name}</text>`,
    `<text class="quiet" text-anchor="end" x="${place.x + place.width - topFolder.pad}" y="${place.y + 25}">${files} files</text>`,
  ];
  if (folders.length === 1) return `<g data-folder="${name}">${head.join("")}</g>`;
  const own = within.filter(({ from }) => from.split("/")[0] === name);
  const { order, floor } = arrange(folders, own);
  const tops = new Map(
    order.map((one, index) => [one.name, place.y + topFolder.head + index * (folder.height + folder.gap)]),
  );
  const folderWidth = Math.min(folder.width, place.width - 4 * topFolder.pad);
  const x = place.x + (place.width - folderWidth) / 2;
  const drawn = order.map((one) =>
    drawFolder(one, name, {
      floor: floor.has(one.name),
      place: { x, y: tops.get(one.name) ?? 0, width: folderWidth, height: folder.height },
    }),
  );
  const arcs = own
    .filter(({ to }) => !floor.has(to))
    .map((one) =>
      drawArc(one, { x, width: folderWidth, from: tops.get(one.from) ?? 0, to: tops.get(one.to) ?? 0 }),
    );
  return [...head, ...arcs, ...drawn].join("\n");
}

function drawFolder(
  { name, files }: Folder,
  topFolderName: string,
  { floor, place }: { readonly floor: boolean; readonly place: Place },
): string {
  const label = name === topFolderName ? `${name}/*.ts` : name.slice(topFolderName.length + 1);
  return [
    `<g data-folder="${name}">${box(floor ? "folder floor" : "folder", place)}`,
    `<text x="${place.x + 10}" y="${place.y + 19}">${label}</text>`,
    `<text class="quiet" text-anchor="end" x="${place.x + place.width - 10}" y="${place.y + 19}">${files}</text></g>`,
  ].join("");
}

/** Down at the right, up at the left. */
function drawArc(
  imports: Imports,
  {
    x,
    width,
    from,
    to,
  }: { readonly x: number; readonly width: number; readonly from: number; readonly to: number },
): string {
  const isDown = to > from;
  const side = isDown ? x + width : x;
  const rows = Math.abs(to - from) / (folder.height + folder.gap);
  const out = side + (isDown ? 1 : -1) * (6 + swing * rows);
  const start = from + folder.height * (isDown ? 0.68 : 0.32);
  const end = to + folder.height * (isDown ? 0.32 : 0.68);
  const path = `M ${side} ${start} C ${out} ${start} ${out} ${end} ${side + (isDown ? 5 : -5)} ${end}`;
  return drawImport(imports, path, isDown ? "import" : "import up");
}

/** Whether core stands in the way. */
function passesCore({ from, to }: Imports): boolean {
  return to === "shared" && !["core", "renderer"].includes(from);
}

function drawDirect(imports: Imports, places: Places): string {
  const [from, to] = [placeOf(places, imports.from), placeOf(places, imports.to)];
  const x = imports.from === "renderer" ? from.x + 60 : from.x + from.width / 2;
  return drawImport(imports, `M ${x} ${from.y + from.height} V ${to.y - 5}`, "import");
}

/** Around core, at its right, in a lane of its own. */
function drawPast(imports: Imports, places: Places, index: number): string {
  const [from, to] = [placeOf(places, imports.from), placeOf(places, imports.to)];
  const bottom = from.y + from.height;
  const lane = width - margin + 7 + 8 * index;
  const path = `M ${from.x + from.width - 24} ${bottom} V ${bottom + 10 + 8 * index} H ${lane} V ${to.y - 18} H ${lane - 40} V ${to.y - 5}`;
  return drawImport(imports, path, "import");
}

function legend(x: number, y: number): string[] {
  return lines(x, y, [
    '<tspan class="quiet">Number: source files, without tests</tspan>',
    '<tspan class="quiet">Arrow: imports; the more files do, the thicker</tspan>',
    '<tspan class="quiet">Upward, at the left: against the order</tspan>',
    '<tspan class="quiet">Dashed: nearly all import it; no arrows drawn</tspan>',
  ]);
}

function lines(x: number, y: number, spans: readonly string[]): string[] {
  return spans.map((span, index) => `<text x="${x}" y="${y + 20 * index}">${span}</text>`);
}

function drawImport({ from, to, files }: Imports, path: string, className: string): string {
  const title = `<title>${from} imports ${to}: ${files} files</title>`;
  const weight = (1 + Math.log2(files) / 2.5).toFixed(1);
  return `<path data-import="${from} ${to}" class="${className}" stroke-width="${weight}" d="${path}">${title}</path>`;
}

function box(className: string, { x, y, width, height }: Place): string {
  return `<rect class="${className}" x="${x}" y="${y}" width="${width}" height="${height}" rx="5"/>`;
}

function arrowHead(id: string): string {
  return `<marker id="${id}" viewBox="0 0 8 8" refX="5" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M 0 0 L 8 4 L 0 8 z"/></marker>`;
}
